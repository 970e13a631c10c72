using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DiffGen.CorpusRunner.Random;

/// <summary>
/// The corpus as code looks while it is typed: tokens and lines deleted, doubled and swapped. The generator and the analyzer must neither throw
/// nor loop, and must not emit code with an error for a method that has none itself.
/// </summary>
public sealed class BrokenCode(Run run)
{
    /// <summary>Breaks a text at one to three places.</summary>
    public static string Break(string text, int seed)
    {
        var random = new System.Random(seed);
        for (int n = 1 + random.Next(3); n > 0; n--) text = random.Next(2) == 0 ? BreakLine(text, random) : BreakToken(text, random);
        return text;
    }

    /// <summary>What is wrong with how the generator treats the broken text; empty if nothing.</summary>
    public List<string> Judge(string name, string text, TimeSpan limit)
    {
        List<string> faults = [];
        var work = new Thread(() => faults = run.Survives(new CorpusFile(name, text)), 64 << 20) { IsBackground = true };
        work.Start();
        return work.Join(limit) ? faults : ["does not end"];
    }

    private static string BreakLine(string text, System.Random random)
    {
        List<string> lines = [.. text.Split('\n')];
        int at = random.Next(lines.Count);
        switch (random.Next(3))
        {
            case 0: lines.RemoveAt(at); break;
            case 1: lines.Insert(at, lines[at]); break;
            default:
                int other = Math.Min(at + 1, lines.Count - 1);
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
        }
        return string.Join('\n', lines);
    }

    private static string BreakToken(string text, System.Random random)
    {
        SyntaxToken[] tokens = [.. CSharpSyntaxTree.ParseText(text, CorpusFile.Options).GetRoot().DescendantTokens().Where(t => t.Span.Length > 0)];
        if (tokens.Length < 2) return text;
        int at = random.Next(tokens.Length - 1);
        SyntaxToken a = tokens[at], b = tokens[at + 1];
        return random.Next(3) switch
        {
            0 => text.Remove(a.SpanStart, a.Span.Length),
            1 => text.Insert(a.SpanStart, a.Text + " "),
            _ => text[..a.SpanStart] + b.Text + text[a.Span.End..b.SpanStart] + a.Text + text[b.Span.End..],
        };
    }
}
