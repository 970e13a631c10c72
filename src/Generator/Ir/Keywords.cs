namespace DiffGen.Generator.Ir;

/// <summary>C# keywords, which are escaped where they are names.</summary>
internal static class Keywords
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default",
        "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto",
        "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out",
        "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using",
        "virtual", "void", "volatile", "while",
        // contextual, and not safe as names of locals everywhere
        "await", "field", "value", "var", "yield", "scoped", "record", "required", "file", "when", "nameof", "dynamic", "async", "partial", "where",
    };

    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal)
    {
        "sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "char", "nint", "nuint", "float", "double", "decimal",
    };

    /// <summary>The name, with <c>@</c> where it is a keyword.</summary>
    public static string Escape(string name) => name is "value" || !Reserved.Contains(name) ? name : "@" + name;

    /// <summary>Whether a type's spelling is a keyword, so that <c>(type)-x</c> is a cast and not a difference.</summary>
    public static bool IsTypeKeyword(string type) => Numbers.Contains(type) || type is "bool" or "string" or "object";

    /// <summary>Whether a type is a number that C# converts to <c>double</c> (and, but for <c>double</c>, to <c>float</c>) by itself.</summary>
    public static bool IsInteger(string type) => Numbers.Contains(type) && type is not ("float" or "double" or "decimal");
}
