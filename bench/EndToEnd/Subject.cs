using System.Net;

namespace FastGate.Bench.EndToEnd;

/// <summary>One way from the client to the answering server: direct, or through something that is measured.</summary>
internal sealed class Subject(string name, IPEndPoint endPoint, Child? process, string? folder = null) : IDisposable
{
    public string Name => name;

    public IPEndPoint EndPoint => endPoint;

    /// <summary>The gate as a user runs it, access log on, in a process of its own.</summary>
    public static Subject Gate(IPEndPoint upstream, string backend)
    {
        string folder = Directory.CreateTempSubdirectory("fastgate-bench-").FullName;
        string config = Path.Combine(folder, "fastgate.json");
        File.WriteAllText(config, "{}");
        IPEndPoint listen = Child.FreePort();
        Child gate = Child.Start("dotnet", Path.Combine(AppContext.BaseDirectory, "fastgate.dll"), "run",
            "--config", config, "--listen", $"{listen}", "--upstream", $"{upstream}", "--backend", backend,
            "--access-log", Path.Combine(folder, "access.log"));
        Child.AwaitPort(listen);
        return new Subject($"FastGate ({backend})", listen, gate, folder);
    }

    /// <summary>HAProxy with the configuration that FastGate replaces, or null where there is none on the PATH.</summary>
    public static Subject? HaProxy(IPEndPoint upstream)
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin").Split(':')
            .Select(folder => Path.Combine(folder, "haproxy")).FirstOrDefault(File.Exists);
        if (program is null) return null;
        string folder = Directory.CreateTempSubdirectory("fastgate-bench-").FullName;
        string config = Path.Combine(folder, "haproxy.cfg");
        IPEndPoint listen = Child.FreePort();
        File.WriteAllText(config, HaProxyConfig.Text(listen, upstream));
        // -db: in the foreground, which changes nothing in how it serves.
        Child proxy = Child.Start(program, "-db", "-f", config);
        Child.AwaitPort(listen);
        return new Subject("HAProxy (seed config)", listen, proxy, folder);
    }

    public void Dispose()
    {
        process?.Dispose();
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }
}
