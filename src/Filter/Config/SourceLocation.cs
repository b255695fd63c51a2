namespace FastGate.Config;

/// <summary>Where a value was set: in a file, by a flag, or nowhere because it is a default.</summary>
/// <param name="Source">The file's path, or the flag.</param>
/// <param name="Line">From 1; 0 outside a file.</param>
/// <param name="Column">In characters from 1; 0 for the whole value.</param>
/// <param name="Path">The JSON path: <c>listen[0].allow[2]</c>.</param>
internal sealed record SourceLocation(string Source, int Line = 0, int Column = 0, string Path = "")
{
    public static SourceLocation Default { get; } = new("default");

    /// <summary>The source spells the value without escapes, so a column in the value is a column in the
    /// source.</summary>
    public bool IsVerbatim { get; init; } = true;

    /// <summary>The location of a character of the string that begins here.</summary>
    /// <param name="column">The character's column in the string, from 1.</param>
    public SourceLocation AtColumn(int column)
    {
        if (!IsVerbatim)
            return this;
        // In a file the string follows a quotation mark.
        return this with { Column = Line == 0 ? column : Column + column };
    }

    /// <summary>Formats the location so that editors and terminals make it a link:
    /// <c>file:line:column: path</c>.</summary>
    public override string ToString()
    {
        if (Line == 0)
            return Column == 0 ? Source : $"{Source} (column {Column})";
        return Path.Length == 0 ? $"{Source}:{Line}:{Column}" : $"{Source}:{Line}:{Column}: {Path}";
    }
}

/// <summary>A value, and where it was set.</summary>
internal sealed record Sourced<T>(T Value, SourceLocation Location);

/// <summary>An error or a warning about a value in the config.</summary>
/// <param name="Location">Where the value was set.</param>
/// <param name="Message">What is wrong and what to write instead, on one line without a final period.</param>
internal sealed record Problem(SourceLocation Location, string Message)
{
    public override string ToString() => $"{Location}: {Message}";
}
