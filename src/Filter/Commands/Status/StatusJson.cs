using System.Text;
using System.Text.Json;

namespace FastGate.Commands.Status;

/// <summary>A frame as one line of JSON: what was found out about the gate, and what it said itself.</summary>
internal static class StatusJson
{
    public static string Of(StatusFrame frame)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteBoolean("running", frame.IsRunning);
            if (!frame.IsRunning)
                json.WriteString("problem", StatusText.Absence(frame));
            json.WriteString("socket", frame.Socket);
            json.WriteString("keptBy", frame.Keeper.Name);
            json.WriteString("keeperState", frame.Keeper.State);
            if (frame.IsRunning)
            {
                json.WriteBoolean("upstreamAnswers", frame.Ollama is not null);
                json.WritePropertyName("gate");
                json.WriteRawValue(frame.Answer.Json);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
