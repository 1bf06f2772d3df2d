using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PricingCore.Sidecar;

/// <summary>The certificates of TLS, read before anything listens, so that a wrong file is an error of the configuration.</summary>
/// <param name="Server">What the server shows; null for none.</param>
/// <param name="Authorities">Whom clients' certificates must come from; null for nobody in particular.</param>
internal sealed record ServerCertificates(X509Certificate2? Server, X509Certificate2Collection? Authorities)
{
    /// <summary>Reads them.</summary>
    /// <param name="options">Names the files, which are there.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static ServerCertificates Load(ServerOptions options, List<string> problems) => new(
        Read(nameof(ServerOptions.Certificate), options.Certificate, path => LoadServer(path, options.CertificateKey), problems),
        Read(nameof(ServerOptions.ClientAuthorities), options.ClientAuthorities, LoadAuthorities, problems));

    /// <summary>Whether a client's certificate comes from the given authorities; those of the system do not count.</summary>
    public bool AreOf(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // There is nobody to ask beside a host; rotate the authority instead.
        return chain.Build(certificate);
    }

    private static T? Read<T>(string option, string? path, Func<string, T> load, List<string> problems)
        where T : class
    {
        if (path is null || !File.Exists(path))
        {
            return null;
        }

        try
        {
            return load(path);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"Server:{option}: {path}: {unreadable.Message}");
            return null;
        }
    }

    private static X509Certificate2 LoadServer(string path, string? key) => Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12"
        ? X509CertificateLoader.LoadPkcs12FromFile(path, null)
        : X509Certificate2.CreateFromPemFile(path, key);

    private static X509Certificate2Collection LoadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("There is no certificate in it.");
    }
}
