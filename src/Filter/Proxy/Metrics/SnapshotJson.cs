using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastGate.Proxy.Metrics;

/// <summary>A snapshot as JSON, both ways, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GateSnapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext
{
    public static byte[] Write(GateSnapshot snapshot) =>
        JsonSerializer.SerializeToUtf8Bytes(snapshot, Default.GateSnapshot);

    /// <summary>Null for what is not a snapshot, such as that of another version.</summary>
    public static GateSnapshot? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.GateSnapshot);
        }
        catch (JsonException)
        {
            // A member that this version needs is missing, or it is no JSON at all.
            return null;
        }
    }
}
