using DiffGen.Samples;

// Every example of docs/guide.md, run and compared with what calculus says. The exit code is 1 where one differs.
var checks = new Checks();
Gradients.Run(checks);
Vectors.Run(checks);
SecondOrder.Run(checks);
Constants.Run(checks);
Kinks.Run(checks);
Language.Run(checks);
Rules.Run(checks);
Types.Run(checks);
Nesting.Run(checks);
Checking.Run(checks);
return checks.Report();
