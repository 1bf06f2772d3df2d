using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using PricingCore.Hosting.Configuration;

namespace PricingCore.Sidecar;

/// <summary>The section <c>Server</c>: where the process listens, and its limits.</summary>
internal sealed class ServerOptions
{
    /// <summary>Where to serve.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; set; } = [];

    /// <summary>Where to administer and to measure.</summary>
    public IReadOnlyList<ListenAddress> Admin { get; set; } = [];

    /// <summary>The certificate for TLS: a PEM file with its chain, or PKCS #12.</summary>
    public string? Certificate { get; set; }

    /// <summary>The certificate's key, PEM; null when it is in the certificate's file.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Whether clients show a certificate, for mutual TLS.</summary>
    public ClientCertificateMode ClientCertificates { get; set; } = ClientCertificateMode.NoCertificate;

    /// <summary>The certificates, PEM, that clients' own must come from.</summary>
    public string? ClientAuthorities { get; set; }

    /// <summary>Whether who has no certificate may have prices and bring events over the network, too, and not on this machine only. Never what is for operators.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Whether who has no certificate may read metrics over the network, on an operators' address.</summary>
    public bool AnonymousMetrics { get; set; }

    /// <summary>Bytes of a request's body. From 1,024 to 1,073,741,824; 67,108,864 unless set.</summary>
    public long MaxRequestBytes { get; set; } = 67_108_864;

    /// <summary>Connections at a time on each address, so that a full one does not keep operators and probes from another. From 1 to 1,000,000; 10,000 unless set.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Bytes of a request's headers and trailers. From 1,024 to 1,048,576; 32,768 unless set.</summary>
    public int MaxHeaderBytes { get; set; } = 32_768;

    /// <summary>Headers of a request. From 8 to 1,000; 100 unless set.</summary>
    public int MaxHeaders { get; set; } = 100;

    /// <summary>Bytes of a request's first line. From 256 to 65,536; 8,192 unless set.</summary>
    public int MaxRequestLineBytes { get; set; } = 8_192;

    /// <summary>Requests at a time on a connection of HTTP/2. From 1 to 10,000; 100 unless set.</summary>
    public int MaxStreams { get; set; } = 100;

    /// <summary>The longest time that the headers of a request may take. From 1 to 120 seconds; 10 seconds unless set.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an idle connection is kept. From 1 to 3,600 seconds; 130 seconds unless set.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>Bytes a second that bodies must come, and answers must be read, with at least. From 1 to 1,000,000; 240 unless set.</summary>
    public int MinBytesPerSecond { get; set; } = 240;

    /// <summary>How long a body or an answer may be slower than that. From 2 to 120 seconds; 5 seconds unless set.</summary>
    public TimeSpan SlowFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The settings by key.</summary>
    public static IReadOnlyList<Setting<ServerOptions>> Settings { get; } = Table();

    /// <summary>All errors.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(nameof(MaxRequestBytes), MaxRequestBytes, 1_024, 1_073_741_824, errors);
        Check(nameof(MaxConnections), MaxConnections, 1, 1_000_000, errors);
        Check(nameof(MaxHeaderBytes), MaxHeaderBytes, 1_024, 1_048_576, errors);
        Check(nameof(MaxHeaders), MaxHeaders, 8, 1_000, errors);
        Check(nameof(MaxRequestLineBytes), MaxRequestLineBytes, 256, 65_536, errors);
        Check(nameof(MaxStreams), MaxStreams, 1, 10_000, errors);
        Check(nameof(MinBytesPerSecond), MinBytesPerSecond, 1, 1_000_000, errors);
        Check(nameof(SlowFor), SlowFor, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(120), errors);
        Check(nameof(HeadersTimeout), HeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120), errors);
        Check(nameof(KeepAlive), KeepAlive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3_600), errors);
        if (Admin.Any(address => address.IsBinary))
        {
            errors.Add($"{nameof(Admin)} has an address of the binary protocol; what is for operators is served over HTTP only.");
        }

        if (Listen.Concat(Admin).Any(address => address.UsesTls) && Certificate is null)
        {
            errors.Add($"{nameof(Certificate)} is not set; it must be, for https and binary+tls: a PEM or PKCS #12 file.");
        }

        if (ClientCertificates == ClientCertificateMode.RequireCertificate && ClientAuthorities is null)
        {
            errors.Add($"{nameof(ClientAuthorities)} is not set; it must be, when client certificates are required: the certificates that theirs come from.");
        }

        foreach ((string option, string? path) in new[] { (nameof(Certificate), Certificate), (nameof(CertificateKey), CertificateKey), (nameof(ClientAuthorities), ClientAuthorities) })
        {
            if (path is not null && !File.Exists(path))
            {
                errors.Add($"{option} is '{path}'; there is no such file.");
            }
        }

        return errors;
    }

    private static Setting<ServerOptions>[] Table()
    {
        var settings = new SettingList<ServerOptions>
        {
            { nameof(Certificate), (ServerOptions o, string value) => o.Certificate = value },
            { nameof(CertificateKey), (ServerOptions o, string value) => o.CertificateKey = value },
            { nameof(ClientAuthorities), (ServerOptions o, string value) => o.ClientAuthorities = value },
            { nameof(AllowAnonymous), (ServerOptions o, bool value) => o.AllowAnonymous = value },
            { nameof(AnonymousMetrics), (ServerOptions o, bool value) => o.AnonymousMetrics = value },
            { nameof(MaxRequestBytes), (ServerOptions o, long value) => o.MaxRequestBytes = value },
            { nameof(MaxConnections), (ServerOptions o, int value) => o.MaxConnections = value },
            { nameof(HeadersTimeout), (ServerOptions o, TimeSpan value) => o.HeadersTimeout = value },
            { nameof(KeepAlive), (ServerOptions o, TimeSpan value) => o.KeepAlive = value },
            { nameof(MaxHeaderBytes), (ServerOptions o, int value) => o.MaxHeaderBytes = value },
            { nameof(MaxHeaders), (ServerOptions o, int value) => o.MaxHeaders = value },
            { nameof(MaxRequestLineBytes), (ServerOptions o, int value) => o.MaxRequestLineBytes = value },
            { nameof(MaxStreams), (ServerOptions o, int value) => o.MaxStreams = value },
            { nameof(MinBytesPerSecond), (ServerOptions o, int value) => o.MinBytesPerSecond = value },
            { nameof(SlowFor), (ServerOptions o, TimeSpan value) => o.SlowFor = value },
        };
        settings.AddChoice<ClientCertificateMode>(nameof(ClientCertificates), (o, value) => o.ClientCertificates = value);
        return [.. settings];
    }

    private static void Check<T>(string option, T value, T least, T most, List<string> errors)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be from {least} to {most}."));
        }
    }
}
