namespace FastGate.Commands.Doctor;

/// <summary>Something measured or read, for programs. Its name carries the unit.</summary>
/// <param name="Name">Such as <c>addedP50Ms</c>.</param>
/// <param name="Number">The value, if it is a number.</param>
/// <param name="Text">The value, if it is not.</param>
internal readonly record struct Fact(string Name, double? Number, string? Text)
{
    public static Fact Of(string name, double number) => new(name, number, null);

    public static Fact Of(string name, string text) => new(name, null, text);
}
