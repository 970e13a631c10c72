using DiffGen.Generator.Discovery;

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

    /// <summary>Declares zeros in the shape of an argument for a moment; what is no row of numbers is made anew.</summary>
    private void RentLike(string local, Shape shape, string value, List<string> rented)
    {
        if (shape is SequenceShape { Element: ScalarShape { Type: "double" or "float" } or VectorShape } s) Rent(local, s.Element.Derivative, s.Length(value), rented);
        else _writer.Line($"{shape.Derivative} {local} = {ZerosLike(shape, value)};");
    }

    /// <summary>Gives back what was rented.</summary>
    private void Return(List<string> rented)
    {
        foreach (string local in rented) _writer.Line($"{Scratch}.Return({local});");
        rented.Clear();
    }
}
