using System.Text.Json;
using FastGate.Commands.Shared;

namespace FastGate.Commands.Clients;

/// <summary>Writes the report as one JSON object. A new member leaves <c>version</c> as it is; any other change raises
/// it.</summary>
internal static class ClientsJson
{
    private const int Version = 1;

    public static string Of(ClientReport report) =>
        ReportJson.Of(json =>
        {
            json.WriteNumber("version", Version);
            json.WriteString("config", report.ConfigPath);
            WriteAll(json, "urls", report.Urls.Select(url => url.ToString()));
            json.WriteStartArray("clients");
            foreach (ClientAccess access in report.Clients)
                Write(json, access);
            json.WriteEndArray();
        });

    private static void Write(Utf8JsonWriter json, ClientAccess access)
    {
        json.WriteStartObject();
        json.WriteString("id", access.Client.Id);
        json.WriteString("title", access.Client.Title);
        json.WriteString("url", access.Url?.ToString());
        WriteAll(json, "needs", access.Client.Allow);
        json.WriteString("outcome", WordOf(access.Outcome));
        json.WriteBoolean("foreignHost", access.IsForeignHost);
        WriteAll(json, "refused", access.Missing.Concat(access.Optional));
        WriteAll(json, "add", access.Add);
        json.WriteStartArray("settings");
        foreach (ClientSetting setting in access.Client.Settings)
        {
            json.WriteStartObject();
            json.WriteString("language", setting.Language);
            json.WriteString("place", setting.Place);
            json.WriteString("text", setting.Text(access.Url?.Authority ?? ClientSetting.Host));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("note", access.Client.Note);
        json.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string WordOf(ClientOutcome outcome) =>
        outcome switch
        {
            ClientOutcome.Allowed => "allowed",
            ClientOutcome.Partly => "partly",
            _ => "refused",
        };
}
