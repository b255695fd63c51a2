using System.Globalization;
using System.Text.Json;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Listening;

/// <summary>
/// What Tailscale Serve and Funnel forward on this machine (Tailscale's ipn: ServeConfig), as LocalAPI's
/// <c>serve-config</c> and <c>tailscale serve status --json</c> print it.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>TCP</c>: port → <c>TCPForward</c>, or <c>HTTP</c> or <c>HTTPS</c> for a web server.</item>
/// <item><c>Web</c>: "name:port" → <c>Handlers</c>: path → <c>Proxy</c>, <c>Path</c> or <c>Text</c>.</item>
/// <item><c>Foreground</c>: session → the same again. <c>Services</c>: "svc:name" → its own <c>TCP</c> and
/// <c>Web</c>.</item>
/// </list>
/// </remarks>
internal sealed record ServeConfig(IReadOnlyList<ServeEntry> Entries)
{
    /// <summary>Reads the JSON. A service that passes its packets to the system (<c>Tun</c>) forwards nothing
    /// itself.</summary>
    /// <returns>Null if the text is not such a configuration; JSON <c>null</c> means that nothing is served.</returns>
    public static ServeConfig? Parse(string json) => StrictJson.Parse(json, Of);

    /// <inheritdoc cref="Parse"/>
    public static ServeConfig? Of(JsonElement root) =>
        root.ValueKind switch
        {
            JsonValueKind.Null => new ServeConfig([]),
            JsonValueKind.Object => new ServeConfig([.. EntriesOf(root)]),
            _ => null,
        };

    private static List<ServeEntry> EntriesOf(JsonElement root)
    {
        List<ServeEntry> entries = [.. PortsAndPaths(root)];
        foreach (JsonProperty session in Members(root, "Foreground"))
            entries.AddRange(PortsAndPaths(session.Value).Select(entry => entry with { IsForeground = true }));
        foreach (JsonProperty service in Members(root, "Services"))
            entries.AddRange(
                PortsAndPaths(service.Value).Select(entry => entry with { Service = Printable(service.Name) })
            );
        return entries;
    }

    private static List<ServeEntry> PortsAndPaths(JsonElement config)
    {
        HashSet<string> funnels =
        [
            .. Members(config, "AllowFunnel")
                .Where(member => member.Value.ValueKind == JsonValueKind.True)
                .Select(member => member.Name),
        ];
        HashSet<int> plain = [];
        HashSet<int> web = [];
        List<ServeEntry> entries = [];
        foreach (JsonProperty port in Members(config, "TCP"))
        {
            if (PortOf(port.Name) is not { } number)
                continue;
            if (IsTrue(port.Value, "HTTP"))
                plain.Add(number);
            if (IsTrue(port.Value, "HTTP") || IsTrue(port.Value, "HTTPS"))
                web.Add(number);
            else
                entries.Add(
                    new ServeEntry(
                        Text(port.Value, "TerminateTLS").Length > 0 ? ServeKind.TlsTcp : ServeKind.Tcp,
                        number,
                        Text(port.Value, "TCPForward")
                    )
                    {
                        IsFunnel = funnels.Any(name => PortOf(name) == number),
                    }
                );
        }
        foreach (JsonProperty server in Members(config, "Web"))
        {
            if (PortOf(server.Name) is not { } number)
                continue;
            JsonProperty[] handlers = [.. Members(server.Value, "Handlers")];
            web.Remove(number);
            entries.AddRange(
                handlers.Select(handler => new ServeEntry(KindOf(number), number, Text(handler.Value, "Proxy"))
                {
                    Path = handlers.Length > 1 ? Printable(handler.Name) : null,
                    IsFunnel = funnels.Contains(server.Name),
                })
            );
        }
        // A web port without a page still takes connections.
        entries.AddRange(web.Select(number => new ServeEntry(KindOf(number), number, "")));
        return entries;

        ServeKind KindOf(int number) => plain.Contains(number) ? ServeKind.Http : ServeKind.Https;
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        StrictJson.At(element, name) is { ValueKind: JsonValueKind.Object } members
            ? members.EnumerateObject()
            : default;

    private static string Text(JsonElement element, string name) =>
        Printable(StrictJson.Text(StrictJson.At(element, name)) ?? "");

    /// <summary>Removes control characters: the text goes to logs and terminals.</summary>
    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Where(letter => !char.IsControl(letter))) : text;

    private static bool IsTrue(JsonElement element, string name) =>
        StrictJson.At(element, name).ValueKind == JsonValueKind.True;

    /// <summary>Reads "11434", or the part of "name:11434" after its last colon.</summary>
    private static int? PortOf(string text) =>
        ushort.TryParse(
            text.AsSpan(text.LastIndexOf(':') + 1),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out ushort port
        )
        && port > 0
            ? port
            : null;
}
