using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DiffGen.CorpusRunner;

/// <summary>Any differentiable value as a list of numbers and back: scalars, arrays, lists, tuples, System.Numerics and user types.</summary>
public static class Flat
{
    /// <summary>The numbers of <paramref name="value"/> in order; <paramref name="template"/> (the primal's value) tells the members of a tangent.</summary>
    public static double[] Of(object? value, object? template = null)
    {
        var numbers = new List<double>();
        Read(value, template ?? value, numbers);
        return [.. numbers];
    }

    private static void Read(object? value, object? template, List<double> into)
    {
        switch (template ?? value)
        {
            case null: return;
            case Memory<double> view:
                Read(value is Memory<double> given ? given.ToArray() : value, view.ToArray(), into);
                return;
            case double: into.Add(value is null ? 0 : Convert.ToDouble(value)); return;
            case float: into.Add(value is null ? 0 : Convert.ToDouble(value)); return;
            case Half: into.Add(value is Half h ? (double)h : 0); return;
            case Complex:
                var c = value is Complex z ? z : Complex.Zero;
                into.Add(c.Real);
                into.Add(c.Imaginary);
                return;
            case ITuple tuple:
                for (int i = 0; i < tuple.Length; i++) Read((value as ITuple)?[i], tuple[i], into);
                return;
            case IEnumerable items when items is Array or IList:
                IEnumerator? got = (value as IEnumerable)?.GetEnumerator();
                int count = 0;
                foreach (object? item in items)
                {
                    count++;
                    bool has = got is not null && got.MoveNext();
                    if (got is not null && !has) throw new InvalidOperationException($"{count} elements expected, fewer found");
                    Read(has ? got!.Current : null, item, into);
                }
                if (got is not null && got.MoveNext()) throw new InvalidOperationException($"more than {count} elements found");
                return;
            case { } typed when Members(typed.GetType()) is { Count: > 0 } members:
                foreach (Member m in members) Read(value is null ? null : m.ReadFrom(value), m.ReadFrom(typed), into);
                return;
        }
    }

    /// <summary>A copy of <paramref name="template"/> that holds <paramref name="values"/>, taken from <paramref name="position"/> on.</summary>
    public static object? With(object? template, double[] values, ref int position)
    {
        switch (template)
        {
            case null: return null;
            case Memory<double> view: return new Memory<double>((double[])With(view.ToArray(), values, ref position)!);
            case double: return values[position++];
            case float: return (float)values[position++];
            case Half: return (Half)values[position++];
            case Complex: return new Complex(values[position++], values[position++]);
            case ITuple tuple:
                var parts = new object?[tuple.Length];
                for (int i = 0; i < parts.Length; i++) parts[i] = With(tuple[i], values, ref position);
                return Activator.CreateInstance(template.GetType(), parts);
            case Array array:
                var copy = (Array)array.Clone();
                foreach (int[] index in Indices(array)) copy.SetValue(With(array.GetValue(index), values, ref position), index);
                return copy;
            case IList list:
                var other = (IList)Activator.CreateInstance(template.GetType())!;
                foreach (object? item in list) other.Add(With(item, values, ref position));
                return other;
            default:
                List<Member> members = Members(template.GetType());
                if (members.Count == 0) return template;
                object clone = CloneOf(template);
                foreach (Member m in members) m.WriteTo(clone, With(m.ReadFrom(template), values, ref position));
                return clone;
        }
    }

    /// <summary>A value of type <paramref name="target"/> (a tangent of <paramref name="template"/>, or its own type) that holds the values.</summary>
    public static object? Tangent(object? template, Type target, double[] values, ref int position)
    {
        if (template is null) return null;
        if (template is Memory<double> view && target.IsArray) template = view.ToArray();
        if (target.IsInstanceOfType(template)) return With(template, values, ref position);
        if (target.IsArray && template is IList list)
        {
            var array = Array.CreateInstance(target.GetElementType()!, list.Count);
            for (int i = 0; i < array.Length; i++) array.SetValue(Tangent(list[i], target.GetElementType()!, values, ref position), i);
            return array;
        }
        object tangent = Activator.CreateInstance(target)!;
        foreach (Member m in Members(template.GetType()))
        {
            Member? place = Member.Named(target, m.Name);
            object? part = Tangent(m.ReadFrom(template), place?.Type ?? m.Type, values, ref position);
            place?.WriteTo(tangent, part);
        }
        return tangent;
    }

    private static Type? ElementOf(object list) => list.GetType() is { IsArray: true } array ? array.GetElementType() : list.GetType().GetGenericArguments().FirstOrDefault();

    /// <summary>A buffer for the derivative of <paramref name="template"/>, full of rubbish.</summary>
    public static object? Buffer(object? template)
    {
        double[] rubbish = Of(template);
        Array.Fill(rubbish, double.NaN);
        int position = 0;
        // the derivatives of a user's type are of its nested Tangent, in a tuple too, full of anything
        if (template is IList models && ElementOf(template) is { } element && TangentOf(element) is { IsArray: false } tangent && tangent != element) return Array.CreateInstance(tangent, models.Count);
        return Rubbish(template, rubbish, ref position);
    }

    private static object? Rubbish(object? template, double[] rubbish, ref int position)
    {
        if (template is not IList list || template is Array { Rank: > 1 } || TangentOf(ElementOf(template)!) is { IsArray: false } own && own == ElementOf(template) && template is Array) return With(template, rubbish, ref position);
        var array = Array.CreateInstance(TangentOf(ElementOf(template)!), list.Count);
        // what is of a tangent of its own is full of anything
        if (list.Count > 0 && (list[0] is IList || array.GetType().GetElementType() == ElementOf(template)))
            for (int i = 0; i < array.Length; i++) array.SetValue(Rubbish(list[i], rubbish, ref position), i);
        return array;
    }

    private static Type TangentOf(Type type) =>
        type.GetNestedType("Tangent") is { } nested ? nested
        : type.IsArray ? TangentOf(type.GetElementType()!) is var element && element != type.GetElementType() ? element.MakeArrayType() : type
        : type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? TangentOf(type.GetGenericArguments()[0]).MakeArrayType()
        : type.IsGenericType && typeof(ITuple).IsAssignableFrom(type) ? type.GetGenericTypeDefinition().MakeGenericType([.. type.GetGenericArguments().Select(TangentOf)])
        : type;

    /// <summary>Whether single or half precision occurs in the value.</summary>
    public static bool HasSingle(object? value) => value switch
    {
        null => false,
        float or Half or Vector2 or Vector3 or Vector4 or Quaternion or Matrix4x4 or Matrix3x2 or Plane => true,
        double => false,
        ITuple t => Enumerable.Range(0, t.Length).Any(i => HasSingle(t[i])),
        Array a when a.GetType().GetElementType() == typeof(float) => true,
        Array a when a.GetType().GetElementType() == typeof(double) => false,
        IEnumerable e and not string => e.Cast<object?>().Any(HasSingle),
        _ => Members(value.GetType()).Any(m => HasSingle(m.ReadFrom(value))),
    };

    private static IEnumerable<int[]> Indices(Array array)
    {
        var index = new int[array.Rank];
        for (long k = 0; k < array.LongLength; k++)
        {
            long rest = k;
            for (int d = array.Rank - 1; d >= 0; d--)
            {
                index[d] = (int)(rest % array.GetLength(d));
                rest /= array.GetLength(d);
            }
            yield return index;
        }
    }

    private static object CloneOf(object value)
        => typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(value, null)!;

    private static readonly Dictionary<Type, List<Member>> Known = [];

    private static List<Member> Members(Type type)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(type, out List<Member>? members))
            {
                Known[type] = [];
                Known[type] = members = type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || typeof(Delegate).IsAssignableFrom(type)
                    ? []
                    : type.GetMembers(BindingFlags.Instance | BindingFlags.Public | (type.IsDefined(typeof(DifferentiableAttribute)) ? BindingFlags.NonPublic : 0))
                        .Where(m => !m.Name.StartsWith('<')) // what stands for a property, or for a parameter
                        .Select(Member.Of).OfType<Member>()
                        .Where(m => IsDifferentiable(m.Type) && !m.IsConstant && !IsOfUnmarkedBase(m.Info.DeclaringType!, type))
                        .OrderBy(m => m.Place).ToList();
            }
            return members;
        }
    }

    /// <summary>Whether a marked type has a member from a base type that is not marked: its tangent has no part for it.</summary>
    private static bool IsOfUnmarkedBase(Type declaring, Type type)
    {
        for (Type? t = type; type.IsDefined(typeof(DifferentiableAttribute), inherit: false) && t is not null; t = t.BaseType)
        {
            if (!t.IsDefined(typeof(DifferentiableAttribute), inherit: false)) return true;
            if (t == declaring) return false;
        }
        return false;
    }

    private static bool IsDifferentiable(Type t)
        => t == typeof(double) || t == typeof(float) || t == typeof(Half) || t == typeof(Complex)
        || t.IsArray && IsDifferentiable(t.GetElementType()!)
        || typeof(ITuple).IsAssignableFrom(t)
        || t == typeof(Memory<double>)
        || t.IsGenericType && (t.GetGenericTypeDefinition() == typeof(List<>) || t.GetGenericTypeDefinition() == typeof(IList<>) || t.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) && IsDifferentiable(t.GetGenericArguments()[0])
        || !t.IsPrimitive && !t.IsEnum && t != typeof(string) && (t.IsValueType || t.IsDefined(typeof(DifferentiableAttribute)))
            && !t.IsGenericType && Members(t).Count > 0;

    private sealed record Member(MemberInfo Info, Type Type)
    {
        public string Name => Info.Name;

        /// <summary>Where the member is declared: those of base classes first, then in the order of the source, as the rows and columns of matrices are.</summary>
        public (int, int) Place => (Depth(Info.DeclaringType!), (Info as FieldInfo ?? BackingOf((PropertyInfo)Info)!).MetadataToken);

        private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;

        /// <summary>Whether the member is marked, or the field or the record's parameter that a property stands for.</summary>
        public bool IsConstant => Info.IsDefined(typeof(NoDerivativeAttribute)) || Info is PropertyInfo property
            && (BackingOf(property)?.IsDefined(typeof(NoDerivativeAttribute)) == true
                || property.DeclaringType!.GetConstructors().SelectMany(c => c.GetParameters()).Any(p => p.Name == property.Name && p.ParameterType == property.PropertyType && p.IsDefined(typeof(NoDerivativeAttribute))));

        public static Member? Of(MemberInfo info) => info switch
        {
            FieldInfo f => new Member(f, f.FieldType),
            PropertyInfo p when p.GetIndexParameters().Length == 0 && BackingOf(p) is not null => new Member(p, p.PropertyType),
            _ => null,
        };

        public static Member? Named(Type type, string name)
            => type.GetMember(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(m => m switch
            {
                FieldInfo f => new Member(f, f.FieldType),
                PropertyInfo p => new Member(p, p.PropertyType),
                _ => null,
            }).FirstOrDefault(m => m is not null);

        public object? ReadFrom(object owner)
        {
            Member here = owner.GetType() == Info.DeclaringType ? this : Named(owner.GetType(), Name) ?? this;
            return here.Info is FieldInfo f ? f.GetValue(owner) : ((PropertyInfo)here.Info).GetValue(owner);
        }

        public void WriteTo(object owner, object? value)
        {
            if (Info is FieldInfo f) f.SetValue(owner, value);
            else if (BackingOf((PropertyInfo)Info) is { } backing) backing.SetValue(owner, value);
            else ((PropertyInfo)Info).SetValue(owner, value);
        }

        private static FieldInfo? BackingOf(PropertyInfo p)
            => p.DeclaringType!.GetField($"<{p.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);
    }
}
