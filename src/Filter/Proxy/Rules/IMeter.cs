namespace FastGate.Proxy.Rules;

/// <summary>Counts the work of a match. Always a struct, so that <see cref="NoMeter"/> costs nothing.</summary>
internal interface IMeter
{
    /// <summary>The match has looked at so many bytes.</summary>
    void Add(int bytes);
}
