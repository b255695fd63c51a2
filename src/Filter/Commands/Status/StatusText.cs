using FastGate.Proxy.Admin;

namespace FastGate.Commands.Status;

/// <summary>Says in a sentence why there is no status, and what to do.</summary>
internal static class StatusText
{
    public static string Absence(StatusFrame frame) =>
        frame.Answer.Outcome switch
        {
            AdminOutcome.NoSocket when frame.Keeper is { Name: not null, IsWell: true } =>
                $"No gate can be asked: there is no {frame.Socket}, though {frame.Keeper.Description}. It may "
                    + $"have just begun, or have its numbers elsewhere (\"metrics\"). {frame.Keeper.Cure}.",
            AdminOutcome.NoSocket =>
                $"No gate is running: there is no {frame.Socket}{Kept(frame)}. {frame.Keeper.Cure}.",
            AdminOutcome.NotListening =>
                $"No gate is running: the one that made {frame.Socket} has ended without removing it, "
                    + $"or is another user's{Kept(frame)}. {frame.Keeper.Cure}.",
            AdminOutcome.TimedOut =>
                $"The gate at {frame.Socket} does not answer: the machine is very busy, or the gate is "
                    + $"stopped. Try again, or restart it.",
            _ => $"What answers at {frame.Socket} is no gate of this version: restart the gate with this program.",
        };

    private static string Kept(StatusFrame frame) => frame.Keeper.Name is null ? "" : $" ({frame.Keeper.Description})";
}
