using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PricingCore.Package.Tests;

/// <summary>
/// Goal: the core can be trimmed and compiled natively, also where the compiler for that is missing.
/// Method: read the marks that the build leaves in the packed assembly when its analyzers were on (warnings are errors).
/// </summary>
public sealed class PackageAotTests(PackedFeed feed)
{
    [Fact]
    public void Core_WasBuiltWithTheAotAnalyzers()
    {
        using ZipArchive package = feed.Open("PricingCore");
        using var assembly = new MemoryStream();
        package.GetEntry("lib/net10.0/PricingCore.dll")!.Open().CopyTo(assembly);
        assembly.Position = 0;

        using var image = new PEReader(assembly);
        MetadataReader reader = image.GetMetadataReader();
        string[] marks = [.. reader.GetAssemblyDefinition().GetCustomAttributes()
            .Select(reader.GetCustomAttribute)
            .Where(attribute => IsAssemblyMetadata(reader, attribute))
            .Select(attribute => KeyAndValue(reader, attribute))];

        Assert.Contains("IsTrimmable=True", marks);
        Assert.Contains("IsAotCompatible=True", marks);
    }

    private static bool IsAssemblyMetadata(MetadataReader reader, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
        && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "AssemblyMetadataAttribute";

    private static string KeyAndValue(MetadataReader reader, CustomAttribute attribute)
    {
        BlobReader blob = reader.GetBlobReader(attribute.Value);
        blob.ReadUInt16(); // The prolog that every attribute starts with.
        return $"{blob.ReadSerializedString()}={blob.ReadSerializedString()}";
    }
}
