using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DiffGen.Generator.Discovery;

/// <content>What is wrong with a declaration: its type, signature and parameters, the method that it overrides, names that are taken.</content>
internal sealed partial class MethodReader
{
    private void CheckDeclaration(MethodRequest request)
    {
        string name = _method.Name;
        if (_method.ContainingType.Name.Length == 0)
        {
            Unfit("it stands in an extension block; write it as a static method whose first parameter is marked 'this'");
            return;
        }
        for (INamedTypeSymbol? type = _method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal)
            {
                Unfit($"its type '{type.Name}' is local to its file, and nothing can be emitted into it");
                return;
            }
            // a type around the method's own may be far away: the method is where one looks
            if (!IsPartial(type, _token)) Report(DiagnosticIds.TypeNotPartial, SymbolEqualityComparer.Default.Equals(type, _method.ContainingType) ? TypeSite(type) : MethodSite, type.Name, name);
        }
        if (_method.MethodKind != MethodKind.Ordinary) { Unfit("only ordinary methods are differentiated; call this member from one"); return; }
        if (_method.IsAsync) { Unfit("it is async; await in a method around it"); return; }
        if (_method.RefKind != RefKind.None) { Unfit("it returns by reference; return the value"); return; }
        if (_method.IsExtern || _method.IsAbstract || _method.IsPartialDefinition && _method.PartialImplementationPart is null) { Unfit("it has no body"); return; }
        if (_method.IsVararg || _method.Parameters.Any(p => p.Type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)) { Unfit("it takes pointers; take spans or arrays"); return; }
        if (!_method.ReturnsVoid && request.Result is null && !ReturnsSuccess(_method))
        {
            Unfit(_method.ReturnType.TypeKind == TypeKind.Error ? "its result's type is not known" : ResultOf(_method) + ", is no floating-point number, nor an array, tuple or [Differentiable] type of them");
            return;
        }
        CheckWrt(request);
        CheckOverridden(request);
        if (request.Result is not ScalarShape)
            foreach (Kinds kind in (Kinds[])[Kinds.Gradient, Kinds.Hessian, Kinds.Hvp])
                if ((request.Emit & kind) != 0)
                    Report(DiagnosticIds.KindNotApplicable, AttributeSite, kind.ToString(), name,
                        "the result is not one floating-point number. Ask for Derivatives.Jacobian, Vjp or Jvp");
    }

    /// <summary>Whether a method says by a truth value or a count what came of it, so that its numbers are in what it writes.</summary>
    public static bool ReturnsSuccess(IMethodSymbol method) => method.ReturnType is { TypeKind: TypeKind.Enum } or { SpecialType: SpecialType.System_Boolean or SpecialType.System_Int32 or SpecialType.System_Int64 };

    /// <summary>A method's result, as diagnostics begin to speak of it.</summary>
    public static string ResultOf(IMethodSymbol method) => $"its result, '{method.ReturnType.ToDisplayString()}'";

    private Site AttributeSite => SiteOf(_attribute.ApplicationSyntaxReference?.GetSyntax(_token).GetLocation());

    private void CheckWrt(MethodRequest request)
    {
        bool unknown = false;
        foreach ((string name, Site site) in WrtNames())
        {
            if (name == "this" && request.Receiver is not null) continue;
            IParameterSymbol? p = _method.Parameters.FirstOrDefault(q => q.Name == name);
            string why = p is null ? "there is no such parameter"
                : p.RefKind == RefKind.Out ? "it is an out parameter"
                : Attributes.Has(p, "NoDerivativeAttribute") ? "it is marked [NoDerivative]"
                : ShapeReader.Read(p.Type) is null ? $"its type '{p.Type.ToDisplayString()}' is not differentiable"
                : "";
            if (why.Length == 0) continue;
            unknown = true;
            Report(DiagnosticIds.UnknownParameter, site, name, _method.Name, why);
        }
        if (!unknown && !request.Wrt.Any())
            Unfit("it has no parameter to differentiate with respect to: floating-point numbers, arrays, spans, lists and tuples of them, System.Numerics values, [Differentiable] types");
    }

    private void CheckNames(MethodRequest request)
    {
        if (!SyntaxFacts.IsValidIdentifier(request.Prefix))
        {
            Report(DiagnosticIds.NameTaken, MethodSite, request.Prefix, _method.Name, "it is no name in C#");
            return;
        }
        var emitted = Signatures.Of(request).ToList();
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, string types) in emitted)
            foreach (ISymbol member in _method.ContainingType.GetMembers(name))
            {
                if (member is IMethodSymbol existing && Signatures.Of(existing) != types) continue;
                if (member.Locations.All(l => !l.IsInSource || IsEmitted(l.SourceTree!.FilePath))) continue;
                if (reported.Add(name)) Report(DiagnosticIds.NameTaken, MethodSite, name, _method.Name, $"'{_method.ContainingType.Name}' has a member of that name already");
            }
        foreach (IMethodSymbol other in _method.ContainingType.GetMembers().OfType<IMethodSymbol>())
        {
            if (SymbolEqualityComparer.Default.Equals(other, _method) || Attributes.Find(other, "DifferentiableAttribute") is not { } attribute) continue;
            if (other.PartialImplementationPart is not null && SymbolEqualityComparer.Default.Equals(other.PartialImplementationPart, _method)) continue;
            MethodRequest request2 = new MethodReader(other, attribute, _token).Request();
            if (request2.Prefix != request.Prefix) continue;
            foreach ((string name, string types) in Signatures.Of(request2).Intersect(emitted))
                if (reported.Add(name)) Report(DiagnosticIds.NameTaken, MethodSite, name, _method.Name, $"the same would be emitted for '{other.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}'");
        }
    }

    private void Unfit(string why) => Report(DiagnosticIds.SignatureNotDifferentiable, MethodSite, _method.Name, why);

    /// <summary>A derivative overrides that of the method that is overridden: it must have the same form.</summary>
    private void CheckOverridden(MethodRequest request)
    {
        if (OverriddenRequest() is not { } overridden) return;
        if (Signatures.Of(overridden).Except(Signatures.Of(request)).Any() || !overridden.Wrt.Select(w => (w.Adjoint, w.Shape!.Derivative)).SequenceEqual(request.Wrt.Select(w => (w.Adjoint, w.Shape!.Derivative))))
            Unfit("it overrides a [Differentiable] method whose derivatives have other forms; mark both in the same way, with the same names of parameters, and differentiate them by [NoDerivative] or nameof without 'this'");
    }
}
