using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>Arrays that a method needs for a moment are rented, so that forms into the caller's buffers allocate nothing.</content>
internal sealed partial class MethodEmitter
{
    private const string Scratch = "global::DiffGen.Scratch";

    /// <summary>Declares an array of zeros for a moment; <paramref name="rented"/> has it given back.</summary>
    private void Rent(string local, string element, string count, List<string> rented)
    {
        if (_forNesting)
        {
            _writer.Line($"{element}[] {local} = new {element}[{count}];");
            return;
        }
        _writer.Line($"{element}[] {local} = {Scratch}.Rent<{element}>({count});");
        rented.Add(local);
    }

    /// <summary>Declares zeros in the shape of an argument for a moment; what is not made of numbers alone is made anew.</summary>
    private void RentLike(string local, Shape shape, string value, List<string> rented)
    {
        if (shape is SequenceShape { Element: ScalarShape { Type: "double" or "float" } or VectorShape } s) Rent(local, s.Element.Derivative, s.Length(value), rented);
        else RentZeros(local, shape.Derivative, ZerosLike(shape, value), HoldsNumbers(shape), rented);
    }

    /// <summary>Declares zeros in the shape of a part of an argument for a moment.</summary>
    private void RentLike(string local, Leaf leaf, List<string> rented)
    {
        if (leaf.IsWhole) RentLike(local, leaf.Of.Shape!, Keywords.Escape(leaf.Of.Name), rented);
        else RentZeros(local, "var", LeafZeros(leaf, mayBeNull: false), HoldsNumbers(leaf.Parameter.Variable.Type), rented);
    }

    private void RentZeros(string local, string type, string made, bool numbers, List<string> rented)
    {
        const string zeros = Buffers + ".ZerosLike(";
        bool kept = numbers && made.StartsWith(zeros, StringComparison.Ordinal);
        _writer.Line($"{type} {local} = {(kept ? Scratch + ".RentLike(" + made.Substring(zeros.Length) : made)};");
        if (kept) rented.Add(local);
    }

    private static bool HoldsNumbers(Ir.IrType type) => type switch
    {
        Ir.ArrayType a => HoldsNumbers(a.Element),
        Ir.ListType l => HoldsNumbers(l.Element),
        Ir.SpanType s => HoldsNumbers(s.Element),
        Ir.ScalarType { Kind: Ir.ScalarKind.Double or Ir.ScalarKind.Single } or Ir.VectorType => true,
        _ => false,
    };

    private static bool HoldsNumbers(Shape shape) => shape switch
    {
        SequenceShape s => HoldsNumbers(s.Element),
        MatrixShape m => HoldsNumbers(m.Element),
        ScalarShape { Type: "double" or "float" } or VectorShape => true,
        _ => false,
    };

    /// <summary>Gives back what was rented.</summary>
    private void Return(List<string> rented)
    {
        foreach (string local in rented) _writer.Line($"{Scratch}.Return({local});");
        rented.Clear();
    }
}
