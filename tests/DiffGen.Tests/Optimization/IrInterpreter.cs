using System.Runtime.Intrinsics;
using DiffGen.Generator.Ir;
using DiffGen.Generator.Optimization;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Tests.Optimization;

/// <summary>Runs Ir on numbers and arrays, so that a pass can be compared with nothing but itself.</summary>
internal sealed class IrInterpreter
{
    private readonly Dictionary<Variable, object> _values = [];
    private int _fuel = 20000;

    /// <summary>What opaque code with effects has been shown, in order.</summary>
    public List<double> Log { get; } = [];

    /// <summary>Runs a function on arguments (arrays are written in place); what an exception leaves behind counts as well.</summary>
    public static Trace Run(Function f, object[] arguments)
    {
        IrInterpreter run = new();
        for (int i = 0; i < f.Parameters.Count; i++) run._values[f.Parameters[i].Variable] = arguments[i];
        string failure = "";
        try
        {
            run.Block(f.Body);
        }
        catch (Left)
        {
        }
        catch (Exception e)
        {
            failure = e.GetType().Name;
            if (e is InvalidProgramException) failure += ": " + e.Message;
        }
        List<double> numbers = [];
        if (failure.Length == 0)
            foreach (Variable v in f.Results.Concat(f.Parameters.Where(p => p.Passing is Passing.Out or Passing.Ref).Select(p => p.Variable)))
                numbers.Add(run._values.TryGetValue(v, out object? value) ? (double)value : double.NaN);
        if (failure.Length == 0)
            foreach (object argument in arguments)
                if (argument is double[] array) numbers.AddRange(array);
                else if (argument is Vector256<double>[] lanes) numbers.AddRange(lanes.SelectMany(v => Enumerable.Range(0, 4).Select(i => v[i])));
                else if (argument is double[][] rows) numbers.AddRange(rows.SelectMany(r => r));
        return new(failure, numbers, run.Log);
    }

    private void Block(Block block)
    {
        foreach (Stmt s in block.Statements) Statement(s);
    }

    private void Statement(Stmt s)
    {
        if (--_fuel < 0) throw new TimeoutException();
        switch (s)
        {
            case Declare { Variable.Type: TapeType } x: _values[x.Variable] = new MemoryOfTape(); break;
            case Declare { Initial: null } x: _values.Remove(x.Variable); break;
            case Declare x: _values[x.Variable] = Value(x.Initial!); break;
            case Assign x: Store(x.Target, _ => Value(x.Value)); break;
            case AddTo { Target.Type: VectorType } x: Store(x.Target, old => (Vector256<double>)old() + (Vector256<double>)Value(x.Value)); break;
            case AddTo x: Store(x.Target, old => (double)old() + Number(x.Value)); break;
            case Evaluate x: Value(x.Value); break;
            case Throw: throw new ApplicationException();
            case If x: Block((bool)Value(x.Condition) ? x.Then : x.Else); break;
            case For x:
                for (_values[x.Counter] = Value(x.Start); Compare(x.Comparison, (int)_values[x.Counter], (int)Value(x.Limit)); _values[x.Counter] = (int)_values[x.Counter] + x.Step)
                {
                    if (--_fuel < 0) throw new TimeoutException();
                    Block(x.Body);
                }
                break;
            case While { TestLast: true } x:
                do
                {
                    if (--_fuel < 0) throw new TimeoutException();
                    Block(x.Body);
                }
                while ((bool)Value(x.Condition));
                break;
            case While x:
                while ((bool)Value(x.Condition))
                {
                    if (--_fuel < 0) throw new TimeoutException();
                    Block(x.Body);
                }
                break;
            case Labelled x:
                try
                {
                    Block(x.Body);
                }
                catch (Left left) when (left.Label == x.Label)
                {
                }
                break;
            case Exit x: throw new Left(x.Label);
            case Scope x: Block(x.Body); break;
            case Try x:
                try
                {
                    Block(x.Body);
                }
                finally
                {
                    Block(x.Finally);
                }
                break;
            case Clear x: Array.Clear((double[])Value(x.Target)); break;
            case Push x: ((MemoryOfTape)_values[x.Tape]).Push(Value(x.Value)); break;
            case Pop x: Store(x.Target, _ => ((MemoryOfTape)_values[x.Tape]).Pop()); break;
            case Release: break;
            default: throw new NotSupportedException(s.GetType().Name);
        }
    }

    private void Store(Expr place, Func<Func<object>, object> value)
    {
        switch (place)
        {
            case Read x:
                _values[x.Variable] = value(() => Value(x));
                break;
            case ElementAt x:
                Array array = (Array)Value(x.Source);
                int index = (int)Value(x.Indices[0]);
                object next = value(() => array.GetValue(index)!);
                array.SetValue(next, index);
                break;
            default: throw new NotSupportedException(place.GetType().Name);
        }
    }

    private double Number(Expr e) => (double)Value(e);

    private object Value(Expr e)
    {
        switch (e)
        {
            case Constant x:
                if (x.Type.Equals(PlainType.Bool)) return x.Text == "true";
                if (x.Type.Equals(PlainType.Int)) return (int)x.Number!;
                return x.Number!.Value;
            case Read x:
                return _values.TryGetValue(x.Variable, out object? value) ? value : throw new InvalidProgramException(x.Variable.Name + " is read before it is assigned");
            case ElementAt x:
                Array array = (Array)Value(x.Source);
                return array.GetValue((int)Value(x.Indices[0]))!;
            case Unary { Operator: UnaryOperator.Not } x: return !(bool)Value(x.Operand);
            case Unary { Type: VectorType } x: return -(Vector256<double>)Value(x.Operand);
            case Unary x: return x.Type.Equals(PlainType.Int) ? -(int)Value(x.Operand) : -Number(x.Operand);
            case Binary { Operator: BinaryOperator.And } x: return (bool)Value(x.Left) && (bool)Value(x.Right);
            case Binary { Operator: BinaryOperator.Or } x: return (bool)Value(x.Left) || (bool)Value(x.Right);
            case Binary x: return Operation(x.Operator, Value(x.Left), Value(x.Right));
            case Conditional x: return (bool)Value(x.Condition) ? Value(x.WhenTrue) : Value(x.WhenFalse);
            case Convert x: return Value(x.Operand) is int whole ? (double)whole : Number(x.Operand);
            case Apply { Key: "Math.Sin" } x: return Math.Sin(Number(x.Arguments[0]));
            case Apply { Key: "Math.Exp" } x: return Math.Exp(Number(x.Arguments[0]));
            case LengthOf x: return ((Array)Value(x.Source)).Length;
            case NewArray x: return new double[(int)Value(x.Lengths[0])];
            case CopyOf x: return ((double[])Value(x.Source)).Clone();
            case Slice x:
                return Value(x.Source);
            case Opaque x when RuntimeCalls.Run(x, Value) is { } result: return result;
            case Opaque x:
                double shown = Number(x.Holes[0]);
                Log.Add(shown);
                return shown;
            default: throw new NotSupportedException(e.GetType().Name);
        }
    }

    private static object Operation(BinaryOperator op, object a, object b)
    {
        if (a is int i && b is int j)
            return op switch
            {
                BinaryOperator.Add => i + j,
                BinaryOperator.Subtract => i - j,
                BinaryOperator.Multiply => i * j,
                BinaryOperator.Remainder => i % j,
                _ => Compare(op, i, j),
            };
        if (a is Vector256<double> v && b is Vector256<double> w && op == BinaryOperator.Multiply) return v * w;
        double x = a is int ai ? ai : (double)a, y = b is int bi ? bi : (double)b;
        return op switch
        {
            BinaryOperator.Add => x + y,
            BinaryOperator.Subtract => x - y,
            BinaryOperator.Multiply => x * y,
            BinaryOperator.Divide => x / y,
            BinaryOperator.Less => x < y,
            BinaryOperator.LessOrEqual => x <= y,
            BinaryOperator.Greater => x > y,
            BinaryOperator.GreaterOrEqual => x >= y,
            BinaryOperator.Equal => x == y,
            BinaryOperator.NotEqual => x != y,
            _ => throw new NotSupportedException(op.ToString()),
        };
    }

    private static bool Compare(BinaryOperator op, int i, int j) => op switch
    {
        BinaryOperator.Less => i < j,
        BinaryOperator.LessOrEqual => i <= j,
        BinaryOperator.Greater => i > j,
        BinaryOperator.GreaterOrEqual => i >= j,
        BinaryOperator.Equal => i == j,
        _ => i != j,
    };

    private sealed class Left(string label) : Exception
    {
        public string Label { get; } = label;
    }
}

/// <summary>What a run did.</summary>
internal sealed record Trace(string Failure, List<double> Numbers, List<double> Log)
{
    /// <summary>Whether two runs did the same; <paramref name="exactly"/>: to the bit, else up to the sign of zeros and NaNs.</summary>
    public bool Same(Trace other, bool exactly, double rounding = 0) =>
        Failure == other.Failure && Same(Numbers, other.Numbers, exactly, rounding) && Same(Log, other.Log, exactly, rounding);

    private static bool Same(List<double> left, List<double> right, bool exactly, double rounding)
    {
        if (left.Count != right.Count) return false;
        for (int i = 0; i < left.Count; i++)
            if (exactly ? BitConverter.DoubleToInt64Bits(left[i]) != BitConverter.DoubleToInt64Bits(right[i]) && !(double.IsNaN(left[i]) && double.IsNaN(right[i]))
                : !left[i].Equals(right[i] + 0.0) && left[i] != right[i] && !(Math.Abs(left[i] - right[i]) <= rounding * Math.Max(1, Math.Abs(left[i])))) return false;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Failure} [{string.Join(", ", Numbers)}] log [{string.Join(", ", Log)}]";
}
