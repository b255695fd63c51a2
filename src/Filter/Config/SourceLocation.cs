namespace FastGate.Config;

/// <summary>Where something was said: in a file, with a flag, or nowhere because it is a default.</summary>
/// <param name="Source">The file's path, or the flag.</param>
/// <param name="Line">From 1; 0 for what is in no file.</param>
/// <param name="Column">In characters from 1; 0 for the whole.</param>
/// <param name="Path">The members that lead there: <c>listen[0].allow[2]</c>.</param>
internal sealed record SourceLocation(string Source, int Line = 0, int Column = 0, string Path = "")
{
    public static SourceLocation Default { get; } = new("default");

    /// <summary>The text at this place is spelled as it is meant, so that a column in it is a column in the
    /// file.</summary>
    public bool IsVerbatim { get; init; } = true;

    /// <summary>The place of a character of the text that begins here.</summary>
    /// <param name="column">From 1.</param>
    public SourceLocation Inside(int column)
    {
        if (!IsVerbatim)
            return this;
        // In a file the text is behind a quotation mark.
        return this with { Column = Line == 0 ? column : Column + column };
    }

    /// <summary>In the form that editors and terminals make a link of: <c>file:line:column: path</c>.</summary>
    public override string ToString()
    {
        if (Line == 0)
            return Column == 0 ? Source : $"{Source} (column {Column})";
        return Path.Length == 0 ? $"{Source}:{Line}:{Column}" : $"{Source}:{Line}:{Column}: {Path}";
    }
}
