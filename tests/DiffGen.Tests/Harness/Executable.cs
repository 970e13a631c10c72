using System.Reflection;
using System.Runtime.Loader;

namespace DiffGen.Tests.Harness;

/// <summary>A compiled and loaded result of the generator, unloaded when it is disposed.</summary>
internal sealed class Executable : IDisposable
{
    private readonly AssemblyLoadContext _context = new("tested", isCollectible: true);
    private readonly Assembly _assembly;

    public Executable(Compilation compilation)
    {
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        stream.Position = 0;
        _assembly = _context.LoadFromStream(stream);
    }

    /// <summary>A method by its type (as reflection names it) and name, the overload with as many parameters as arguments.</summary>
    public MethodInfo Method(string type, string name, int arguments) =>
        (_assembly.GetType(type) ?? throw new ArgumentException($"no type {type}"))
            .GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .FirstOrDefault(m => m.Name == name && m.GetParameters().Length == arguments && !m.GetParameters().Any(p => p.ParameterType.IsByRefLike))
        ?? throw new ArgumentException($"no method {type}.{name} with {arguments} parameters");

    /// <summary>Calls a static method; what it throws comes out as it is.</summary>
    public object? Call(string type, string name, params object?[] arguments) =>
        Method(type, name, arguments.Length).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    /// <inheritdoc cref="Call"/>
    public T Call<T>(string type, string name, params object?[] arguments) => (T)Call(type, name, arguments)!;

    public T Delegate<T>(string type, string name) where T : Delegate =>
        Method(type, name, typeof(T).GetMethod("Invoke")!.GetParameters().Length).CreateDelegate<T>();

    public void Dispose() => _context.Unload();
}
