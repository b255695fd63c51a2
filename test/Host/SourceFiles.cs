using FastGate.Test.Support;

namespace FastGate.Test.Host;

/// <summary>A small source tree beside tools that a test puts on the search path, in a temporary folder.</summary>
internal sealed class SourceFiles : IDisposable
{
    private const string Dotnet = """
        #!/bin/sh
        state=$(dirname "$0")/../state
        echo "$*" >> "$state/calls"
        [ "$1" = --version ] && { cat "$state/sdk"; exit 0; }
        kind=framework-dependent
        case "$*" in
        *PublishAot=true*) kind=native ;;
        *"--self-contained true"*) kind=self-contained ;;
        esac
        while [ "$1" != -o ]; do shift; done
        mkdir -p "$2"
        echo "  Determining projects to restore..."
        echo "  Filter -> /build/fastgate.dll"
        if [ -f "$state/fails-$kind" ]; then
            echo half > "$2/fastgate"
            echo "/src/Filter.csproj : error NU1101: no package for $kind [/src/Filter.csproj]"
            echo "    1 Error(s)"
            exit 1
        fi
        [ -f "$state/hangs-$kind" ] && exec sleep 600
        [ -f "$state/forgets-$kind" ] || echo "$kind" > "$2/fastgate"
        """;

    // Prints the path of a file that exists, and otherwise the name as it was given, as clang and gcc do.
    private const string Compiler = """
        #!/bin/sh
        if [ -f "$(dirname "$0")/../state/no-crt" ]; then echo crt1.o; else echo /usr/lib/crt1.o; fi
        """;

    private const string Succeeds = "#!/bin/sh\n";

    private readonly string _root = Directory.CreateTempSubdirectory("fastgate-source").FullName;

    public SourceFiles()
    {
        foreach (string folder in (string[])[Tools, State, Output])
            Directory.CreateDirectory(folder);
        foreach (
            string file in (string[])
                [
                    "src/Filter/Filter.csproj",
                    "src/Filter/Program.cs",
                    "src/Launchd/Launchd.csproj",
                    "src/Directory.Build.props",
                    "Directory.Build.props",
                    "Directory.Packages.props",
                    "global.json",
                    "README.md",
                ]
        )
            Write(file, "first");
        AddTool("dotnet", Dotnet);
        Set("sdk", "10.0.100");
    }

    public string Tree => Path.Combine(_root, "tree");

    public string Project => Path.Combine(Tree, "src/Filter/Filter.csproj");

    public string Tools => Path.Combine(_root, "tools");

    public string Output => Path.Combine(_root, "output");

    /// <summary>The calls of dotnet that publish.</summary>
    public string[] Publishes =>
        [
            .. File.ReadAllLines(Path.Combine(State, "calls"))
                .Where(call => call.StartsWith("publish", StringComparison.Ordinal)),
        ];

    private string State => Path.Combine(_root, "state");

    /// <summary>What compiles to native code on Linux.</summary>
    public void AddCompiler(string name = "clang")
    {
        AddTool(name, Compiler);
        AddTool("objcopy");
        AddTool("ld.bfd");
    }

    public void AddTool(string name, string script = Succeeds)
    {
        // These tools find what they need, and the publisher finds nothing but them.
        Script.Write(
            Tools,
            name,
            script.Replace("#!/bin/sh\n", "#!/bin/sh\nPATH=/usr/bin:/bin\n", StringComparison.Ordinal)
        );
    }

    public void RemoveTool(string name) => File.Delete(Path.Combine(Tools, name));

    /// <summary>Makes a tool behave in another way.</summary>
    public void Set(string behavior, string value = "") => File.WriteAllText(Path.Combine(State, behavior), value);

    public void Write(string relative, string text)
    {
        string path = Path.Combine(Tree, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
