namespace FastGate.Commands.Install;

/// <summary>Installs the very program that is running, when it is one file.</summary>
internal sealed class CopyPublisher(string? program, string baseDirectory) : IPublisher
{
    public string Line => $"copy {program}";

    public Task<Published> PublishAsync(string folder)
    {
        // Not one file: it would need everything that lies beside it.
        if (program is null || File.Exists(Path.Combine(baseDirectory, "fastgate.dll")))
        {
            return Task.FromResult(
                new Published(
                    null,
                    Problem: "this program is not one file, and its source is not here: install from the source, "
                        + "or publish it with -p:PublishSingleFile=true"
                )
            );
        }
        return Task.FromResult(new Published(program));
    }
}
