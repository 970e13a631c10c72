using System.Collections.Generic;

namespace DiffGen.CorpusRunner;

/// <summary>How a method fared.</summary>
public enum Verdict { Ok, Refused, Wrong, DoesNotCompile, Crash, Hang, Missing, Unsound }

/// <summary>What became of one corpus method, and why.</summary>
public sealed record Outcome(string File, CorpusMethod Method, Verdict Verdict, string Reason, IReadOnlyList<string> Members);
