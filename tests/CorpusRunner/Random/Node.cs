using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace DiffGen.CorpusRunner.Random;

/// <summary>What a node of a random program stands for; shrinking exchanges nodes of one kind only.</summary>
public enum Kind { Real, Whole, Truth, Statement, Block, Member, Program }

/// <summary>A piece of a random program: a text with holes <c>{0}</c>, <c>{1}</c> … for its children, or a list of them.</summary>
public sealed record Node(Kind Kind, string Template, params Node[] Children)
{
    /// <summary>The number of nodes.</summary>
    public int Size => 1 + Children.Sum(c => c.Size);

    /// <summary>The C# text.</summary>
    public override string ToString()
    {
        if (Kind is Kind.Block or Kind.Program) return string.Concat(Children.Select(c => c.ToString().TrimEnd('\n') + "\n"));
        var b = new StringBuilder();
        for (int i = 0; i < Template.Length; i++)
        {
            if (Template[i] == '{' && i + 2 < Template.Length && char.IsAsciiDigit(Template[i + 1]) && Template[i + 2] == '}')
            {
                Node child = Children[Template[i + 1] - '0'];
                b.Append(child);
                i += 2;
            }
            else b.Append(Template[i]);
        }
        return b.ToString();
    }

    /// <summary>Every program that is one step smaller, larger cuts first.</summary>
    public IEnumerable<Node> Smaller()
    {
        if (Kind is Kind.Block or Kind.Program)
            for (int i = Children.Length - 1; i >= 0; i--)
            {
                if (Children[i].Kind == Kind.Member && Children[i].Template.StartsWith("[Differentiable", StringComparison.Ordinal)) continue;
                yield return this with { Children = [.. Children[..i], .. Children[(i + 1)..]] };
                if (Children[i].Kind == Kind.Statement)
                    foreach (Node inner in Children[i].Children.Where(c => c.Kind == Kind.Block))
                        yield return this with { Children = [.. Children[..i], .. inner.Children, .. Children[(i + 1)..]] };
            }
        if (Kind == Kind.Real && Children.Length > 0)
        {
            foreach (Node child in Children.Where(c => c.Kind == Kind.Real)) yield return child;
            yield return new Node(Kind.Real, "x");
        }
        for (int i = 0; i < Children.Length; i++)
            foreach (Node child in Children[i].Smaller())
            {
                var children = (Node[])Children.Clone();
                children[i] = child;
                yield return this with { Children = children };
            }
    }
}
