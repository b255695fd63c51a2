namespace FastGate.Commands.Warm;

/// <summary>One way to show what goes on while a model is made ready.</summary>
internal interface IWarmView
{
    /// <summary>Shows how far a pull is until it has ended, however it ends.</summary>
    Task PullAsync(string model, PullProgress progress, Task pull);

    /// <summary>Shows for how long a model has been loading until that has ended.</summary>
    Task LoadAsync(string model, Task load);
}
