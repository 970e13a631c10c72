using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;

namespace DiffGen.CorpusRunner;

/// <summary>
/// A check of the checks: each row of the derivative table is changed in memory (sign, factor, operands exchanged) and the corpus must notice.
/// </summary>
public sealed class Mutants(Run run)
{
    private static readonly Assembly Generator = Assembly.Load("DiffGen.Generator");
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Runs the files for each mutant; the survivors, and how many there were.</summary>
    public (List<string> Survivors, int Count) Survive(IReadOnlyList<CorpusFile> files, Action<string>? progress = null)
    {
        var rules = (IDictionary)Type("RuleTable").GetField("Scalars", Static)!.GetValue(null)!;
        var rows = (IEnumerable)Type("ScalarTable").GetField("Rows", Static)!.GetValue(null)!;
        var survivors = new List<string>();
        // What fails without any change says nothing about a change.
        var sound = files.Select(f => (File: f, Right: run.Differentiate(f).Where(o => o.Verdict == Verdict.Ok).Select(o => o.Method.Id).ToHashSet())).ToList();
        int count = 0;
        foreach (object row in rows)
        {
            var key = (string)row.GetType().GetProperty("Key")!.GetValue(row)!;
            var (name, partials) = ((string, string?[]))row.GetType().GetProperty("Value")!.GetValue(row)!;
            object original = rules[key]!;
            foreach (var (what, changed) in Changes(partials))
            {
                count++;
                rules[key] = Rule(name, changed);
                bool noticed = sound.Any(s => run.Differentiate(s.File).Any(o => o.Verdict != Verdict.Ok && s.Right.Contains(o.Method.Id)));
                if (!noticed) survivors.Add($"{key} {what}");
                progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{key} {what}: {(noticed ? "noticed" : "SURVIVES")}"));
            }
            rules[key] = original;
        }
        return (survivors, count);
    }

    private static IEnumerable<(string What, string?[] Partials)> Changes(string?[] partials)
    {
        for (int i = 0; i < partials.Length; i++)
        {
            if (partials[i] is not { } p) continue;
            yield return ($"sign of operand {i}", With(i, $"-({p})"));
            yield return ($"factor of operand {i}", With(i, $"2 * ({p})"));
        }
        if (partials.Length >= 2 && partials[0] != partials[1]) yield return ("operands exchanged", [partials[1], partials[0], .. partials[2..]]);

        string?[] With(int i, string text)
        {
            var copy = (string?[])partials.Clone();
            copy[i] = text;
            return copy;
        }
    }

    private static object Rule(string name, string?[] partials)
    {
        Type formula = Type("Formula"), rule = Type("FormulaRule");
        MethodInfo parse = formula.GetMethod("Parse", Static)!;
        ConstructorInfo make = rule.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)[0];
        var array = Array.CreateInstance(parse.ReturnType, partials.Length);
        for (int i = 0; i < partials.Length; i++) array.SetValue(partials[i] is { } p ? parse.Invoke(null, [p]) : null, i);
        return make.Invoke([name, array]);
    }

    private static Type Type(string name) => Generator.GetTypes().First(t => t.Name == name);
}
