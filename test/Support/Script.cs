using System.Diagnostics;

namespace FastGate.Test.Support;

/// <summary>A script that stands in for a system program.</summary>
internal static class Script
{
    // Another process writes the file. If this one did, a child that another test starts at that moment would inherit
    // the open descriptor until its exec, and whoever runs the script meanwhile would get "Text file busy".
    private const string Writer = """printf '%s\n' "$2" > "$1" && chmod 700 "$1" """;

    /// <param name="folder">The script's folder.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="text">What it does; in the language of the shell, unless its first line names another.</param>
    /// <returns>The script's full path.</returns>
    public static string Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        string lines = text.ReplaceLineEndings("\n");
        if (!lines.StartsWith("#!", StringComparison.Ordinal))
            lines = $"#!/bin/sh\n{lines}";
        using Process writer = Process.Start("/bin/sh", ["-c", Writer, "sh", path, lines]);
        writer.WaitForExit();
        Assert.AreEqual(0, writer.ExitCode, path);
        return path;
    }
}
