using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>Machines before FastGate is installed.</summary>
internal static class Scenario
{
    /// <summary>The property list of the setup that FastGate replaces, with a given OLLAMA_HOST.</summary>
    public static string OllamaAgent(string host) =>
        $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
                <key>Label</key>
                <string>com.ollama</string>
                <key>ProgramArguments</key>
                <array>
                    <string>/opt/homebrew/bin/ollama</string>
                    <string>serve</string>
                </array>
                <key>EnvironmentVariables</key>
                <dict>
                    <key>OLLAMA_HOST</key>
                    <string>{host}</string>
                </dict>
                <key>KeepAlive</key>
                <true/>
            </dict>
            </plist>
            """;

    public const string HaproxyAgent = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0">
        <dict>
            <key>Label</key>
            <string>com.haproxy</string>
            <key>ProgramArguments</key>
            <array>
                <string>/opt/homebrew/bin/haproxy</string>
                <string>-f</string>
                <string>CONFIG</string>
            </array>
            <key>KeepAlive</key>
            <true/>
        </dict>
        </plist>
        """;

    /// <summary>The configuration of the setup that FastGate replaces, as its instructions give it.</summary>
    public const string HaproxyConfig = """
        global
            log /dev/log local0
            maxconn 2000
            daemon

        defaults
            log global
            mode http
            option httplog
            timeout connect 5s
            timeout client 300s
            timeout server 300s

        frontend ollama
            bind 100.87.6.5:11434

            # Allowlisted endpoints
            acl is_openai_chat path_beg /v1/chat/completions
            acl is_openai_models path_beg /v1/models
            acl is_openai_responses path_beg /v1/responses
            acl is_anthropic_messages path_beg /v1/messages
            acl is_ollama_version path /api/version
            acl is_ollama_tags path /api/tags
            acl is_ollama_show path /api/show

            # Forward allowlisted endpoints
            use_backend ollama if is_openai_chat
            use_backend ollama if is_openai_models
            use_backend ollama if is_openai_responses
            use_backend ollama if is_anthropic_messages
            use_backend ollama if is_ollama_version
            use_backend ollama if is_ollama_tags
            use_backend ollama if is_ollama_show

            # Block everything else
            default_backend blocked

        backend ollama
            server ollama 127.0.0.1:11434 check

        backend blocked
            http-request deny
        """;

    /// <summary>The text of a file in <c>test/Commands/Install/cases</c>.</summary>
    public static string Case(string name) =>
        File.ReadAllText(Path.Combine(SourceTree.Root, "test/Commands/Install/cases", name));

    public static IEnumerable<string> OnMac =>
        ["bare", "ollama", "haproxy", "brew", "brew-without-brew", "app", "open", "unreadable", "foreign"];

    public static Home Mac(string name)
    {
        Home home = new(isMac: true);
        switch (name)
        {
            case "ollama":
                FakeTools.WriteOllama(home.Tools);
                break;
            case "haproxy":
                home.Load(
                    "com.haproxy",
                    HaproxyAgent.Replace(
                        "CONFIG",
                        home.PathOf(".haproxy/haproxy.cfg").Replace("&", "&amp;", StringComparison.Ordinal),
                        StringComparison.Ordinal
                    )
                );
                home.Load("com.ollama", OllamaAgent("127.0.0.1"));
                home.Write(
                    ".haproxy/haproxy.cfg",
                    HaproxyConfig.Replace(
                        "    # Block everything else\n",
                        "    acl more path /api/chat /api/pull\n    use_backend ollama if more\n",
                        StringComparison.Ordinal
                    )
                );
                break;
            case "brew" or "brew-without-brew":
                FakeTools.WriteOllama(home.Tools);
                home.Load("homebrew.mxcl.ollama", "formula");
                if (name == "brew")
                    FakeTools.WriteBrew(home.Tools);
                break;
            case "app":
                home.AddApplication("Ollama.app");
                home.WriteState("app-runs");
                home.WriteState("serves");
                home.WriteState("session-OLLAMA_HOST", "0.0.0.0\n");
                break;
            case "open":
                home.Load("com.ollama", OllamaAgent("0.0.0.0"));
                break;
            case "unreadable":
                FakeTools.WriteOllama(home.Tools);
                home.Load("com.ollama", "bplist00...");
                break;
            case "foreign":
                home.Write(".local/bin/fastgate", "another program of this name");
                home.Load("com.fastgate", "another agent of this name");
                home.Write("Library/Logs/FastGate/access.log", "of an earlier run by hand");
                home.Write(".config/fastgate/fastgate.json", "{ \"allow\": [\"@clients\"] }");
                break;
        }
        return home;
    }
}
