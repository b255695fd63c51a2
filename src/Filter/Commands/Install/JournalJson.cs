using System.Text.Json.Serialization;

namespace FastGate.Commands.Install;

/// <summary>The journal's form on disk, made at build time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(List<Change>))]
internal sealed partial class JournalJson : JsonSerializerContext;
