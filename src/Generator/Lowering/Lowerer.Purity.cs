using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DiffGen.Generator.Lowering;

/// <summary>What code that is carried verbatim may do: read, write, leave a trace.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Whether a method of another assembly does nothing but give a value.</summary>
    internal static bool IsPure(IMethodSymbol method)
    {
        INamedTypeSymbol type = method.ContainingType;
        if (type is null || !method.DeclaringSyntaxReferences.IsEmpty || method.Parameters.Any(p => p.RefKind is RefKind.Out or RefKind.Ref || IsBuffer(method, p))) return false;
        if (method.Name is "ToString" or "Equals" or "GetHashCode" or "CompareTo" or "GetType" or "ContainsKey" or "Contains" or "IndexOf" or "StartsWith" or "EndsWith" or "GetLength") return true;
        return type.SpecialType is SpecialType.System_String or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Double or SpecialType.System_Single
            or SpecialType.System_Boolean or SpecialType.System_Char or SpecialType.System_Decimal or SpecialType.System_Object
            || type.ContainingNamespace?.ToDisplayString() == "System" && type.Name is "Math" or "MathF" or "Convert" or "BitConverter" or "Enum" or "TimeSpan" or "DateTime" or "Tuple" or "HashCode"
            || type.Name is "BitOperations";
    }

    // what is written into: characters by TryFormat, bytes by TryWriteBytes, and an array by methods that give no other result than how much
    private static bool IsBuffer(IMethodSymbol method, IParameterSymbol p) =>
        p.Type is INamedTypeSymbol { Name: "Span" or "Memory" } || p.Type is IArrayTypeSymbol && (method.ReturnsVoid || method.Name.StartsWith("CopyTo", StringComparison.Ordinal) || method.Name.EndsWith("CharArray", StringComparison.Ordinal) && !method.Name.StartsWith("From", StringComparison.Ordinal));

    /// <summary>Judges what evaluating a fragment may do, by the operations in it.</summary>
    private sealed class PurityWalker : OperationWalker
    {
        public Purity Result { get; private set; } = Purity.Pure;

        private void AtLeast(Purity purity)
        {
            if (purity > Result) Result = purity;
        }

        public override void VisitInvocation(IInvocationOperation o)
        {
            AtLeast(IsPure(o.TargetMethod) ? Purity.Reads : Purity.Effects);
            base.VisitInvocation(o);
        }

        public override void VisitObjectCreation(IObjectCreationOperation o)
        {
            AtLeast(o.Type is { IsValueType: true } && o.Constructor?.DeclaringSyntaxReferences.IsEmpty != false ? Purity.Reads : Purity.Effects);
            base.VisitObjectCreation(o);
        }

        public override void VisitPropertyReference(IPropertyReferenceOperation o)
        {
            AtLeast(IsClock(o.Property) ? Purity.Effects : Purity.Reads);
            base.VisitPropertyReference(o);
        }

        public override void VisitFieldReference(IFieldReferenceOperation o)
        {
            if (!o.Field.IsConst) AtLeast(Purity.Reads);
            base.VisitFieldReference(o);
        }

        public override void VisitArrayElementReference(IArrayElementReferenceOperation o)
        {
            AtLeast(Purity.Reads);
            base.VisitArrayElementReference(o);
        }

        public override void DefaultVisit(IOperation o)
        {
            switch (o.Kind)
            {
                case OperationKind.SimpleAssignment or OperationKind.CompoundAssignment or OperationKind.Increment or OperationKind.Decrement or OperationKind.CoalesceAssignment
                    or OperationKind.DeconstructionAssignment or OperationKind.EventAssignment or OperationKind.DynamicInvocation or OperationKind.Await or OperationKind.Throw
                    or OperationKind.DynamicObjectCreation or OperationKind.Invalid or OperationKind.None:
                    AtLeast(Purity.Effects);
                    break;
                case OperationKind.Conversion or OperationKind.Binary or OperationKind.InterpolatedString or OperationKind.DynamicMemberReference or OperationKind.ArrayCreation:
                    AtLeast(Purity.Reads);
                    break;
            }
            base.DefaultVisit(o);
        }
    }

    /// <summary>Whether methods of a name leave the object as it is that they are called on.</summary>
    internal static bool OnlyReads(string name) => MutatedBy.OnlyReads(name);

    /// <summary>Arrays, spans and lists that code of which nothing is known gets hold of in a form that it can write.</summary>
    private sealed class MutatedBy : OperationWalker
    {
        private static readonly HashSet<string> ReadOnlyNames = new(StringComparer.Ordinal)
        {
            "IndexOf", "LastIndexOf", "Contains", "BinarySearch", "Exists", "Find", "FindIndex", "FindAll", "FindLast", "TrueForAll", "GetEnumerator", "ToString", "Equals", "GetHashCode", "EnsureCapacity",
            "TrimExcess", "ToArray", "ToList", "Clone", "CompareTo", "ContainsKey", "Slice", "GetLength", "Join", "Concat", "Write", "WriteLine", "SequenceEqual", "GetValue",
        };

        public static bool OnlyReads(string name) => ReadOnlyNames.Contains(name) && name is not ("Write" or "WriteLine");

        /// <summary>The variables.</summary>
        public HashSet<ISymbol> Symbols { get; } = new(SymbolEqualityComparer.Default);

        /// <summary>The expressions by which they and what they hold are reached.</summary>
        public HashSet<TextSpan> Through { get; } = [];

        public static MutatedBy In(IOperation o)
        {
            var walker = new MutatedBy();
            walker.Visit(o);
            return walker;
        }

        public override void VisitInvocation(IInvocationOperation o)
        {
            // what is written to a stream or writer may be read from it
            if (o.TargetMethod.Name is "Write" or "WriteLine") Root(o.Instance);
            if (o.TargetMethod.Name == "Write")
                foreach (IArgumentOperation a in o.Arguments)
                    if (a.Parameter?.Type is INamedTypeSymbol { Name: "Span" or "Memory" }) Root(a.Value);
            if (!ReadOnlyNames.Contains(o.TargetMethod.Name))
            {
                if (o.Instance is not null) Root(o.Instance);
                foreach (IArgumentOperation a in o.Arguments)
                    if (a.Parameter?.Type is { IsReferenceType: true, SpecialType: SpecialType.None or SpecialType.System_Array } or INamedTypeSymbol { Name: "Span" or "Memory" }) Root(a.Value);
            }
            base.VisitInvocation(o);
        }

        private void Root(IOperation? o)
        {
            if (o is not null) Through.Add(o.Syntax.Span);
            switch (o)
            {
                case ILocalReferenceOperation l: Symbols.Add(l.Local); break;
                case IParameterReferenceOperation p: Symbols.Add(p.Parameter); break;
                case IConversionOperation c: Root(c.Operand); break;
                case IArrayElementReferenceOperation e: Root(e.ArrayReference); break;
                case IParenthesizedOperation p: Root(p.Operand); break;
                // an object that another one holds
                case IPropertyReferenceOperation { Instance: { } owner }: Root(owner); break;
                case IFieldReferenceOperation { Instance: { } owner }: Root(owner); break;
                case IInvocationOperation { Instance: { } chained } call when call.Type is not null && chained.Type is not null && SymbolEqualityComparer.Default.Equals(call.Type, chained.Type): Root(chained); break;
                case IInvocationOperation { TargetMethod.Name: "AsSpan" } view: Root(view.Instance ?? view.Arguments[0].Value); break;
            }
        }
    }
}
