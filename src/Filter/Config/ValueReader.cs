using System.Globalization;

namespace FastGate.Config;

/// <summary>Reads JSON values as what they have to be; of another kind they are a problem, and count as not
/// said.</summary>
internal sealed class ValueReader(List<Problem> problems)
{
    /// <param name="value">Null when the member is not there.</param>
    /// <param name="example">What could stand there, for the problem.</param>
    public Sourced<string>? Text(JsonValue? value, string example) =>
        Is(value, JsonKind.String, $"a string, such as \"{example}\"")
            ? new Sourced<string>(value!.Text, value.Place)
            : null;

    public Sourced<bool>? Truth(JsonValue? value) =>
        Is(value, JsonKind.Boolean, "true or false, without quotation marks")
            ? new Sourced<bool>(value!.Text == "true", value.Place)
            : null;

    public Sourced<double>? Number(JsonValue? value, string example) =>
        Is(value, JsonKind.Number, $"a number, such as {example}")
            ? new Sourced<double>(
                double.Parse(value!.Text, NumberStyles.Float, CultureInfo.InvariantCulture),
                value.Place
            )
            : null;

    /// <summary>A list of strings; the ones that are none are left out.</summary>
    public Sourced<IReadOnlyList<Sourced<string>>>? Strings(JsonValue? value, string example)
    {
        if (!Is(value, JsonKind.Array, $"a list, such as [\"{example}\"]"))
            return null;
        IEnumerable<Sourced<string>?> texts = value!.Items.Select(item => Text(item, example));
        return new Sourced<IReadOnlyList<Sourced<string>>>([.. texts.OfType<Sourced<string>>()], value.Place);
    }

    /// <summary>Whether the value is there and of this kind.</summary>
    /// <param name="value">Null when the member is not there.</param>
    /// <param name="kind">What it has to be.</param>
    /// <param name="wanted">What to write, for the problem.</param>
    public bool Is(JsonValue? value, JsonKind kind, string wanted)
    {
        if (value is null || value.Kind == kind)
            return value is not null;
        string cure = value.Kind == JsonKind.Null ? $"leave the member out, or write {wanted}" : $"write {wanted}";
        problems.Add(new Problem(value.Place, $"{value.KindName} cannot stand here: {cure}"));
        return false;
    }
}
