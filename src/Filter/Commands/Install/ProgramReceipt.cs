using System.Text.Json;
using System.Text.Json.Serialization;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary>What the installed program was made from. Kept in a file, so that the same source is not published
/// twice.</summary>
/// <param name="Fingerprint">Of everything that it was made from.</param>
/// <param name="Hash">Of the program, SHA-256: another program in its place was made from something else.</param>
/// <param name="NeedsDotnet">It does not contain .NET.</param>
/// <param name="Note">Which kind of program it is, and why not a better one.</param>
internal sealed record ProgramReceipt(string Fingerprint, string Hash, bool NeedsDotnet, string Note)
{
    /// <summary>The receipt of the installed program, if making it again would give the same one; otherwise
    /// null.</summary>
    public static ProgramReceipt? FindCurrent(HostEnvironment environment, InstallPaths paths, MachineState state)
    {
        if (environment.Rebuild || state.Publish.Fingerprint is not { } fingerprint)
            return null;
        return
            Read(paths.Receipt) is { } receipt
            && receipt.Fingerprint == fingerprint
            && receipt.Hash == Disk.HashOf(paths.Program)
            ? receipt
            : null;
    }

    public string ToText() => JsonSerializer.Serialize(this, ReceiptJson.Default.ProgramReceipt) + "\n";

    private static ProgramReceipt? Read(string path)
    {
        if (!SmallFile.TryRead(path, out string? text))
            return null;
        try
        {
            return JsonSerializer.Deserialize(text, ReceiptJson.Default.ProgramReceipt);
        }
        catch (JsonException)
        {
            // Damaged: the program is made again, and the receipt with it.
            return null;
        }
    }
}

/// <summary>The JSON format of a receipt, generated at build time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ProgramReceipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
