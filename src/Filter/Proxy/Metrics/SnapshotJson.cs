using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastGate.Proxy.Metrics;

/// <summary>Serializes a snapshot to JSON and back, and the history, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GateSnapshot))]
[JsonSerializable(typeof(HistorySnapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext
{
    public static byte[] Write(GateSnapshot snapshot) =>
        JsonSerializer.SerializeToUtf8Bytes(snapshot, Default.GateSnapshot);

    public static byte[] Write(HistorySnapshot history) =>
        JsonSerializer.SerializeToUtf8Bytes(history, Default.HistorySnapshot);

    /// <summary>Deserializes a history, or returns null if it is not one that this version can read.</summary>
    public static HistorySnapshot? TryReadHistory(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.HistorySnapshot);
        }
        catch (JsonException)
        {
            // As for a snapshot.
            return null;
        }
    }

    /// <summary>Deserializes a snapshot, or returns null if it is not one that this version can read.</summary>
    public static GateSnapshot? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.GateSnapshot);
        }
        catch (JsonException)
        {
            // Not JSON, or a required member is missing.
            return null;
        }
    }
}
