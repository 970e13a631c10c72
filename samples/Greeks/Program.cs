using System.Globalization;
using DiffGen.Samples;
using Spectre.Console;

// Prices two options and takes their first- and second-order Greeks from derivatives that were emitted while this project was
// built, beside bump and revalue. The exit code is 1 where an emitted Greek is not good enough.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var market = new Market(Spot: 100, Strike: 105, Rate: 0.03, Vol: 0.25, Maturity: 1);
double[][] normals = AsianOption.Normals(paths: 10_000, fixings: 12);
double[][] none = AsianOption.Normals(paths: 2, fixings: 1);

var european = new Instrument
{
    Name = "European call, closed form",
    Market = market,
    Value = m => EuropeanOption.Call(m.Spot, m.Strike, m.Rate, m.Vol, m.Maturity),
    Gradient = m => Flat(EuropeanOption.CallGradient(m.Spot, m.Strike, m.Rate, m.Vol, m.Maturity)),
    Hessian = m => EuropeanOption.CallHessian(m.Spot, m.Strike, m.Rate, m.Vol, m.Maturity),
    Reference = option => EuropeanOption.Textbook(option.Market),
    Tolerance = 1e-12,
};
var asian = new Instrument
{
    Name = "Asian call of 12 fixings, Monte Carlo with 10,000 paths",
    Market = market,
    Value = m => AsianOption.Call(m.Spot, m.Strike, m.Rate, m.Vol, m.Maturity, normals),
    Gradient = m => Flat(AsianOption.CallGradient(m.Spot, m.Strike, m.Rate, m.Vol, m.Maturity, normals)),
    Hessian = m => AsianOption.CallHessian(m.Spot, m.Strike, m.Rate, m.Vol, m.Maturity, normals),
    Reference = Instrument.Extrapolated,
    Tolerance = 1e-9,
};

var failures = new List<string>();
double apart = Math.Abs(AsianOption.Call(market.Spot, market.Strike, market.Rate, market.Vol, market.Maturity, none) / european.Price(market.Inputs) - 1);
if (!(apart < 1e-13)) failures.Add("an Asian option of one fixing is not a European one");
foreach (var option in new[] { european, asian }) failures.AddRange(Report.Write(option));
foreach (string failure in failures) AnsiConsole.WriteLine("FAILED: " + failure);
return failures.Count == 0 ? 0 : 1;

static double[] Flat((double Spot, double Rate, double Vol, double Maturity) gradient) =>
    [gradient.Spot, gradient.Rate, gradient.Vol, gradient.Maturity];
