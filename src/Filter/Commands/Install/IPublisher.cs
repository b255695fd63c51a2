namespace FastGate.Commands.Install;

/// <summary>Makes the program that is installed.</summary>
internal interface IPublisher
{
    /// <summary>What it does, as a command line or a sentence.</summary>
    string Line { get; }

    /// <summary>Makes the program in a folder that is empty; takes half a minute from source.</summary>
    Task<Published> PublishAsync(string folder);
}
