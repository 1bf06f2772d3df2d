using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.Features;
using PricingCore.Forecasts.Models;

namespace PricingCore.Tests.Forecasts.Models;

/// <summary>
/// Goal: whatever is done to the bytes of a package, it loads or is refused with a reason; nothing else comes out.
/// Method: overwrite, cut or repeat bytes at random places of the manifest, of the zip, and of golden rows.
/// </summary>
public sealed class ModelPackageProperties : IDisposable
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(400);
    private static readonly Arbitrary<(int Place, byte Value)[]> Damage = ArbMap.Default.ArbFor<(int, byte)[]>();

    private readonly ScratchFolder _scratch = new();

    public ModelPackageProperties() => ModelPackage.Write(
        _scratch.At("model"), SampleManifest.Of(FeatureSchema.Mobility, 15), new byte[40], new GoldenRows(2, 1, new float[6], new float[15]));

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Load_OfADamagedManifest_RefusesOrLoads() => Check.One(Thorough, Prop.ForAll(Damage, damage =>
    {
        string path = _scratch.At("model", "model.json");
        byte[] good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, Damaged(good, damage));
        try
        {
            LoadOrRefuse(_scratch.At("model"));
        }
        finally
        {
            File.WriteAllBytes(path, good);
        }
    }));

    [Fact]
    public void Load_OfADamagedZip_RefusesOrLoads()
    {
        string zip = _scratch.At("model.zip");
        ZipFile.CreateFromDirectory(_scratch.At("model"), zip);
        byte[] good = File.ReadAllBytes(zip);

        Check.One(Thorough, Prop.ForAll(Damage, damage =>
        {
            File.WriteAllBytes(zip, Damaged(good, damage));
            LoadOrRefuse(zip);
        }));
    }

    [Fact]
    public void Parse_OfDamagedGoldenRows_ThrowsOrGivesRows()
    {
        byte[] good = new GoldenRows(2, 1, new float[6], new float[15]).ToBytes();

        Check.One(Thorough, Prop.ForAll(Damage, damage =>
        {
            try
            {
                GoldenRows.Parse(Damaged(good, damage));
            }
            catch (FormatException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }));
    }

    private static void LoadOrRefuse(string path)
    {
        try
        {
            ModelPackage.Load(path);
        }
        catch (ModelRefusedException e)
        {
            Assert.NotEmpty(e.Refusals);
            Assert.All(e.Refusals, refusal => Assert.NotEmpty(refusal.Problem));
        }
    }

    /// <summary>Each step overwrites a byte; a value of 0 cuts there, and 1 doubles what comes after.</summary>
    private static byte[] Damaged(byte[] good, (int Place, byte Value)[] damage)
    {
        List<byte> bytes = [.. good];
        foreach ((int place, byte value) in damage.Take(4))
        {
            int at = (int)(unchecked((uint)place * 2_654_435_761u) % (uint)Math.Max(1, bytes.Count));
            if (value == 0)
            {
                bytes.RemoveRange(at, bytes.Count - at);
            }
            else if (value == 1 && bytes.Count < 10_000)
            {
                bytes.AddRange(bytes[at..]);
            }
            else if (bytes.Count > 0)
            {
                bytes[at] = value;
            }
        }

        return [.. bytes];
    }
}
