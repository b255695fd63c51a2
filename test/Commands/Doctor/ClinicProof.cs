namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// <c>clinic [ILLNESS] [-- FLAGS]</c>: doctor at work on a machine that has this illness, or none; <c>clinic list</c>
/// names them. Ends as doctor does. Linux, as root.
/// </summary>
internal static class ClinicProof
{
    public static async Task<int> RunAsync(string[] words)
    {
        string name = string.Join(' ', words.TakeWhile(word => word != "--"));
        string[] flags = [.. words.SkipWhile(word => word != "--").Skip(1)];
        if (name == "list")
        {
            foreach (Illness each in Illnesses.All)
                Console.WriteLine(each.Name);
            return 0;
        }
        Illness? illness =
            name.Length == 0
                ? Illnesses.None
                : Illnesses.All.FirstOrDefault(each => each.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        if (illness is null)
        {
            Console.Error.WriteLine($"There is no illness \"{name}\": see clinic list.");
            return 2;
        }
        try
        {
            await using Clinic clinic = await Clinic.OpenAsync(illness.WithTailscale);
            await illness.BreakAsync(clinic);
            return await clinic.ShowAsync(flags);
        }
        catch (AssertInconclusiveException missing)
        {
            Console.Error.WriteLine(missing.Message);
            return 2;
        }
    }
}
