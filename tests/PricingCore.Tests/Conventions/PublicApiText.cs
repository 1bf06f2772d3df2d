using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PricingCore.Tests.Conventions;

/// <summary>The public surface of an assembly as text, one line a member, in a fixed order.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(string)] = "string",
        [typeof(object)] = "object", [typeof(void)] = "void",
    };

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        IEnumerable<string> types = assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => string.Join('\n', MembersOf(type).Order(StringComparer.Ordinal).Prepend(Header(type))));
        return string.Join("\n\n", types) + "\n";
    }

    private static string Header(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => $"enum : {Name(Enum.GetUnderlyingType(type))}",
            { IsInterface: true } => "interface",
            { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsSealed: true } => "sealed class",
            { IsAbstract: true } => "abstract class",
            _ => "class",
        };
        IEnumerable<string> bases = (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType ? [parent] : Array.Empty<Type>())
            .Concat(type.IsEnum ? [] : type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []))
            .Select(Name)
            .Order(StringComparer.Ordinal);
        string suffix = string.Join(", ", bases);
        return $"{type.Namespace}.{Name(type)} ({kind}){(suffix.Length > 0 ? " : " + suffix : "")}";
    }

    private static IEnumerable<string> MembersOf(Type type) => type.IsEnum
        ? Enum.GetValues(type).Cast<object>().Select(value => string.Create(CultureInfo.InvariantCulture, $"  {Convert.ToInt64(value, CultureInfo.InvariantCulture),3} {value}"))
        : type.GetMembers(Declared).Where(IsShown).Select(member => "  " + Line(member));

    private static bool IsShown(MemberInfo member) => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member switch
    {
        ConstructorInfo made => IsVisible(made),
        MethodInfo method => IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible) && property.Name != "EqualityContract",
        FieldInfo field => field.IsPublic || field.IsFamily,
        EventInfo => true,
        _ => false,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Line(MemberInfo member) => member switch
    {
        ConstructorInfo made => $"new({Parameters(made)})",
        MethodInfo method => $"{Static(method)}{method.Name}{Generic(method)}({Parameters(method)}) -> {Nullable(Nullability.Create(method.ReturnParameter))}",
        PropertyInfo property => $"{Static(property.GetAccessors(true)[0])}{property.Name} {{ {Accessors(property)}}} -> {Nullable(Nullability.Create(property))}",
        FieldInfo { IsLiteral: true } constant => $"const {constant.Name} = {Literal(constant.GetRawConstantValue())}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{field.Name} -> {Nullable(Nullability.Create(field))}",
        _ => member.ToString() ?? member.Name,
    };

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Accessors(PropertyInfo property)
    {
        bool isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string read = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        string write = property.SetMethod is { } setter && IsVisible(setter) ? (isInit ? "init; " : "set; ") : "";
        return (property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "") + read + write;
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        string by = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true } when parameter.ParameterType.IsByRef => "in ",
            _ when parameter.ParameterType.IsByRef => "ref ",
            _ => "",
        };
        string standard = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue) : "";
        return $"{by}{Nullable(Nullability.Create(parameter))} {parameter.Name}{standard}";
    }));

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Nullable(NullabilityInfo info)
    {
        string name = info.GenericTypeArguments.Length > 0 && System.Nullable.GetUnderlyingType(info.Type) is null
            ? $"{Name(info.Type).Split('<')[0]}<{string.Join(", ", info.GenericTypeArguments.Select(Nullable))}>"
            : Name(info.Type);
        return info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType ? name + "?" : name;
    }

    private static string Name(Type type)
    {
        if (type.GetElementType() is { } element)
        {
            return type.IsArray ? Name(element) + "[]" : Name(element);
        }

        if (System.Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        string own = type.Name.Split('`')[0];
        string name = type is { IsNested: true, IsGenericParameter: false } ? $"{Name(type.DeclaringType!)}.{own}" : own;
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
