using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
#if NET8_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
#endif

namespace DiffGen;

/// <summary>
/// The floating-point numbers in a value (number, array, list, tuple, <c>System.Numerics</c> value, <c>[Differentiable]</c> type), in a fixed order,
/// by reflection: what a gradient check varies and compares.
/// </summary>
#if NET8_0_OR_GREATER
[RequiresUnreferencedCode("Looks into values by reflection.")]
[RequiresDynamicCode("Looks into values by reflection.")]
#endif
internal static class Numbers
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static bool IsNumber(Type type) => type == typeof(double) || type == typeof(float) || type.FullName == "System.Half";

    public static bool Carries(Type type) =>
        IsNumber(type)
        || (type.IsArray && Carries(type.GetElementType()!))
        || (ListElement(type) is { } element && Carries(element))
        || (IsComposite(type) && Members(type).Any());

    /// <summary>The numbers of a value in order; nothing for what carries none.</summary>
    public static IEnumerable<(string Path, double Value)> Of(object? value, string path)
    {
        if (value is null) yield break;
        Type type = value.GetType();
        if (IsNumber(type)) yield return (path, ToDouble(value));
        else if (value is Array { Rank: > 1 } array)
        {
            foreach (int[] index in Indices(array))
                foreach (var number in Of(array.GetValue(index), $"{path}[{string.Join(", ", index)}]")) yield return number;
        }
        else if (value is IList list && Carries(type))
        {
            for (int i = 0; i < list.Count; i++)
                foreach (var number in Of(list[i], $"{path}[{i}]")) yield return number;
        }
        else if (IsComposite(type))
        {
            foreach (FieldInfo member in Members(type))
                foreach (var number in Of(member.GetValue(value), $"{path}.{Name(member)}")) yield return number;
        }
    }

    /// <summary>The numbers of a derivative, in the order of the value that it belongs to: a tangent's members are found by name, an absent array is zeros.</summary>
    public static IEnumerable<double> OfDerivative(object? derivative, object? value)
    {
        if (value is null) yield break;
        Type type = value.GetType();
        if (derivative is null)
        {
            foreach (var _ in Of(value, "")) yield return 0;
        }
        else if (IsNumber(type) || derivative.GetType() == type)
        {
            foreach (var number in Of(derivative, "")) yield return number.Value;
        }
        else if (value is IList list && derivative is IList derivatives)
        {
            if (list.Count != derivatives.Count) throw new ArgumentException($"The derivative has {derivatives.Count} elements, the argument {list.Count}.");
            for (int i = 0; i < list.Count; i++)
                foreach (double number in OfDerivative(derivatives[i], list[i])) yield return number;
        }
        else
        {
            FieldInfo[] own = Members(type).ToArray(), their = Members(derivative.GetType(), all: true).ToArray();
            for (int i = 0; i < own.Length; i++)
            {
                FieldInfo counterpart = IsTuple(type) && their.Length == own.Length ? their[i]
                    : their.FirstOrDefault(f => Name(f) == Name(own[i]))
                    ?? throw new ArgumentException($"{derivative.GetType()} has no member {Name(own[i])}.");
                foreach (double number in OfDerivative(counterpart.GetValue(derivative), own[i].GetValue(value))) yield return number;
            }
        }
    }

    /// <summary>A deep copy of a value with its numbers replaced, in order; an empty queue copies the numbers as well.</summary>
    public static object? Replace(object? value, Queue<double>? numbers)
    {
        if (value is null) return null;
        Type type = value.GetType();
        if (IsNumber(type)) return numbers is null ? value : FromDouble(numbers.Dequeue(), type);
        if (value is Array array)
        {
            var copy = (Array)array.Clone();
            if (!type.GetElementType()!.IsPrimitive || Carries(type))
                foreach (int[] index in Indices(array)) copy.SetValue(Replace(array.GetValue(index), numbers), index);
            return copy;
        }
        if (value is IList list && ListElement(type) is not null && !list.IsReadOnly && Activator.CreateInstance(type) is IList own)
        {
            foreach (object? item in list) own.Add(Replace(item, numbers));
            return own;
        }
        if (!IsComposite(type)) return value;
        object whole = Clone(value);
        foreach (FieldInfo member in Members(type)) member.SetValue(whole, Replace(member.GetValue(value), numbers));
        return whole;
    }

    public static bool HoldsSingle(Type type) =>
        type == typeof(float) || type.FullName == "System.Half"
        || (type.IsArray && HoldsSingle(type.GetElementType()!))
        || (ListElement(type) is { } element && HoldsSingle(element))
        || (IsComposite(type) && Members(type).Any(f => HoldsSingle(f.FieldType)));

    private static bool IsComposite(Type type) => IsTuple(type) || IsMarked(type) || (type.Namespace == "System.Numerics" && type.IsValueType);

    private static bool IsTuple(Type type) => type.FullName is { } name && (name.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || name.StartsWith("System.Tuple`", StringComparison.Ordinal));

    private static bool IsMarked(Type type) => Has(type, "DiffGen.DifferentiableAttribute");

    private static bool Has(MemberInfo member, string attribute) => member.GetCustomAttributesData().Any(a => a.AttributeType.FullName == attribute);

    private static Type? ListElement(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GetGenericArguments()[0] : null;

    private static IEnumerable<FieldInfo> Members(Type type, bool all = false)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            foreach (FieldInfo inherited in Members(parent, all)) yield return inherited;
        foreach (FieldInfo field in type.GetFields(Instance | BindingFlags.DeclaredOnly))
        {
            if (!all && (field.FieldType == type || !Carries(field.FieldType) || Has(field, "DiffGen.NoDerivativeAttribute"))) continue;
            if (!all && type.GetProperty(Name(field), Instance) is { } property && Has(property, "DiffGen.NoDerivativeAttribute")) continue;
            yield return field;
        }
    }

    /// <summary>The name of a field, or of the automatic property that it backs.</summary>
    private static string Name(FieldInfo field) =>
        field.Name.Length > 0 && field.Name[0] == '<' && field.Name.IndexOf('>') is var end and > 1 ? field.Name.Substring(1, end - 1) : field.Name;

    private static object Clone(object value) =>
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(value, null)!;

    private static double ToDouble(object number) => number switch
    {
        double d => d,
        float f => f,
#if NET8_0_OR_GREATER
        Half h => (double)h,
#endif
        _ => throw new ArgumentException($"{number.GetType()} is not a floating-point number."),
    };

    private static object FromDouble(double number, Type type) =>
        type == typeof(double) ? number
#if NET8_0_OR_GREATER
        : type == typeof(Half) ? (Half)number
#endif
        : (float)number;

    private static IEnumerable<int[]> Indices(Array array)
    {
        if (array.Length == 0) yield break;
        var index = new int[array.Rank];
        while (true)
        {
            yield return (int[])index.Clone();
            int dimension = array.Rank - 1;
            while (dimension >= 0 && ++index[dimension] == array.GetLength(dimension)) index[dimension--] = 0;
            if (dimension < 0) yield break;
        }
    }
}
