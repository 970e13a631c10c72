using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Adjoints of scratch arrays, from their first contribution to their last use: a loop that adds to every element of an array of zeros assigns instead
/// (so that nobody has to clear it; where it leaves out the last element, that one alone), and what is stored after the last look at an array is not stored.
/// </summary>
internal static class ScratchArrays
{
    /// <summary>Treats one function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        HashSet<Variable> assigned = References.Assigned(function);
        HashSet<Variable> scratch = [.. function.Body.All().OfType<Declare>()
            .Where(d => d is { Variable.Type: ArrayType { Rank: 1, Element: ScalarType { Kind: ScalarKind.Double or ScalarKind.Single } or VectorType }, Initial: NewArray { Lengths: [_], OnStack: false } } && !assigned.Contains(d.Variable))
            .Select(d => d.Variable)];
        if (scratch.Count > 0) scratch.ExceptWith(Privatisation.SeenWhole(function.Body));
        return scratch.Count == 0 ? function : function with { Body = new Pass(scratch, new Definitions(function, assigned), callees).Visit(function.Body) };
    }

    private sealed class Pass(HashSet<Variable> scratch, Definitions definitions, Summaries callees) : Rewriter
    {
        public override Block Visit(Block block)
        {
            List<Stmt> list = [.. base.Visit(block).Statements];
            for (int i = 0; i < list.Count; i++)
                if (Emptied(list[i]) is { } array) AssignFirst(list, i, array);
            foreach (Declare made in list.OfType<Declare>().ToArray())
                if (made.Initial is NewArray && scratch.Contains(made.Variable)) Forget(list, made.Variable);
            return list.ToBlock();
        }

        /// <summary>The array that holds zeros behind a statement.</summary>
        private Variable? Emptied(Stmt s) => s switch
        {
            Declare { Variable: var made, Initial: NewArray } when scratch.Contains(made) => made,
            Clear { Target: Read { Variable: var cleared }, Source.Length: 0 } when scratch.Contains(cleared) => cleared,
            _ => null,
        };

        private void AssignFirst(List<Stmt> list, int at, Variable array)
        {
            int first = list.FindIndex(at + 1, s => Touches(s, array));
            if (first < 0 || list[first] is not For loop) return;
            int adding = loop.Body.Statements.ToList().FindIndex(s => Touches(s, array));
            if (adding < 0 || loop.Body.Statements[adding] is not (AddTo or Assign) || loop.Body.Statements[adding].Source.Length > 0) return;
            For assigning = loop.Body.Statements[adding] is not AddTo sum ? loop
                : loop with { Body = loop.Body.Statements.Select((s, i) => i == adding ? new Assign(sum.Target, sum.Value) { Site = sum.Site, Comment = sum.Comment } : s).ToBlock() };
            Expr length = definitions.Resolve(new LengthOf(new Read(array)));
            bool whole = new Coverage(array, length, definitions).Overwrites([assigning]);
            if (!whole && !WritesAllButTheLast(assigning, array, length)) return;
            list[first] = assigning;
            if (list[at] is not Clear) return;
            if (whole) list.RemoveAt(at);
            else list[at] = LastAtZero(new Read(array), (ScalarType)((ArrayType)array.Type).Element);
        }

        /// <summary>Whether a loop from one to an array's length writes the element before its counter's, and does nothing else with the array.</summary>
        private bool WritesAllButTheLast(For loop, Variable array, Expr length)
        {
            if (loop is not { Step: 1, Comparison: BinaryOperator.Less, Start: Constant { Number: 1 } } || loop.Body.All().Any(s => s is Exit) || !definitions.Resolve(loop.Limit).Equals(length)) return false;
            Stmt[] touching = [.. loop.Body.Statements.Where(s => Touches(s, array))];
            return touching is [Assign { Target: ElementAt { Indices: [Binary { Operator: BinaryOperator.Subtract, Left: Read { Variable: var counter }, Right: Constant { Number: 1 } }] } target } assign]
                && counter == loop.Counter && target.Type is ScalarType && !Reads(assign.Value, array) && !Reads(loop.Limit, array);
        }

        private static If LastAtZero(Expr array, ScalarType element)
        {
            Expr length = new LengthOf(array);
            return new If(
                new Binary(BinaryOperator.Greater, length, new Constant(PlainType.Int, "0", 0), PlainType.Bool),
                new Block([new Assign(new ElementAt(array, [new Binary(BinaryOperator.Subtract, length, new Constant(PlainType.Int, "1", 1), PlainType.Int)]), new Constant(element, "0", 0))]),
                Block.Empty);
        }

        /// <summary>Drops what is stored when nothing looks at the array any more, up to the end of the block that made it.</summary>
        private void Forget(List<Stmt> list, Variable array)
        {
            // the first elements, by constant indices, may be looked at behind a loop over the others
            double seen = -1;
            for (int i = list.Count - 1; i >= 0; i--)
            {
                if (!Touches(list[i], array)) continue;
                if (IsStore(list[i], array) && seen < 0) list.RemoveAt(i);
                else if (LastConstant(list[i], array) is { } index) seen = Math.Max(seen, index);
                else
                {
                    if (list[i] is For loop && (loop.Step > 0 ? loop.Start : loop.Limit) is Constant { Number: { } least } && least > seen) list[i] = Forget(loop, array);
                    return;
                }
            }
        }

        /// <summary>The greatest index where a statement that is no block uses nothing of the array but elements at constant indices.</summary>
        private static double? LastConstant(Stmt s, Variable array)
        {
            if (s.Blocks().Any()) return null;
            ElementAt[] elements = [.. s.Values().Concat(s.Targets()).SelectMany(e => e.All()).OfType<ElementAt>().Where(e => e.Source is Read { Variable: var source } && source == array)];
            int mentions = s.Values().Concat(s.Targets()).SelectMany(e => e.All()).Count(e => e is Read { Variable: var read } && read == array);
            return elements.Length == mentions && elements.All(e => e.Indices is [Constant { Number: >= 0 }]) ? elements.Max(e => ((Constant)e.Indices[0]).Number) : null;
        }

        /// <summary>The last thing that each iteration does to an element of its own.</summary>
        private For Forget(For loop, Variable array)
        {
            int last = loop.Body.Statements.ToList().FindLastIndex(s => Touches(s, array));
            if (last < 0 || !IsStore(loop.Body.Statements[last], array) || loop.Body.Statements[last] is not Assign { Target: ElementAt { Indices: [var index] } }) return loop;
            bool own = index is Read { Variable: var counter } && counter == loop.Counter;
            if (!own || loop.Body.All().SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()).Any(e => e is ElementAt { Source: Read { Variable: var other }, Indices: var at } && other == array && !(at is [var only] && only.Equals(index))))
                return loop;
            return loop with { Body = loop.Body.Statements.Where((_, i) => i != last).ToBlock() };
        }

        private static bool IsStore(Stmt s, Variable array) => s switch
        {
            Assign { Target: ElementAt { Source: Read { Variable: var stored }, Indices: [var index] }, Source.Length: 0 } x =>
                stored == array && !Reads(index, array) && x.Value.IsDroppable() && !Reads(x.Value, array) && index.IsDroppable(),
            Clear { Target: Read { Variable: var cleared }, Source.Length: 0 } => cleared == array,
            _ => false,
        };

        /// <summary>Whether a statement does more than ask for the array's length.</summary>
        private bool Touches(Stmt s, Variable array) => Effects.Of(s, callees).Mentions(array) && DoesTouch(s, array);

        private bool DoesTouch(Stmt s, Variable array) => s.Values().Concat(s.Targets()).Any(e => Reads(e, array)) || s.Blocks().Any(b => b.Statements.Any(t => Touches(t, array)));

        private static bool Reads(Expr e, Variable array) => e is LengthOf { Source: Read } ? false : e switch
        {
            Read read => read.Variable == array,
            Opaque opaque when opaque.Writes.Contains(array) => true,
            _ => e.Children().Any(child => Reads(child, array)),
        };
    }
}
