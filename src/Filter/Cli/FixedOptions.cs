using Microsoft.Extensions.Options;

namespace FastGate.Cli;

/// <summary>Options that never change, for a library that would be told if they did.</summary>
internal sealed class FixedOptions<T>(T options) : IOptionsMonitor<T>
{
    public T CurrentValue => options;

    public T Get(string? name) => options;

    public IDisposable? OnChange(Action<T, string?> listener) => null;
}
