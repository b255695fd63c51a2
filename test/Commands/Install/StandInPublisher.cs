using FastGate.Host;

namespace FastGate.Test.Commands.Install;

/// <summary>A publisher that writes a file with a version instead of building.</summary>
internal sealed class StandInPublisher : IPublisher
{
    public string Version { get; set; } = "1";

    public bool NeedsDotnet { get; set; }

    public string? Problem { get; set; }

    public string Line => "publish the stand-in";

    public Task<Published> PublishAsync(string folder)
    {
        if (Problem is not null)
            return Task.FromResult(new Published(null, Problem: Problem));
        string path = Path.Combine(folder, "fastgate");
        File.WriteAllText(path, $"version {Version}");
        return Task.FromResult(new Published(path, NeedsDotnet));
    }
}
