using FastGate.Launchd;
using FastGate.Net;

namespace FastGate.Doctor;

/// <summary>Asks Tailscale's own program how it is, once an examination.</summary>
internal static class TailscaleTool
{
    /// <summary>The status, or why there is none and what to do.</summary>
    public static async Task<(TailscaleStatus? Status, string Problem, string Cure)> ReadAsync(Patient patient, Visit visit)
    {
        if (patient.Tailscale is not null) return (patient.Tailscale, "", "");
        Remedies remedies = patient.Remedies;
        if (remedies.TailscaleProgram is not { } program)
        {
            // Its daemon may run all the same, such as in a container.
            TailscaleState state = patient.Site.Machine.IsMac ? TailscaleState.Unknown : await TailscaleDaemon.Usual.AskAsync(visit.Stop);
            return state == TailscaleState.Unknown ? (null, "Tailscale is not there", remedies.InstallTailscale)
                : (patient.Tailscale = Of(state), "", "");
        }
        CommandResult result = await visit.RunAsync(program, "status", "--json", "--peers=false");
        patient.Tailscale = TailscaleStatus.Parse(result.Output);
        return patient.Tailscale is not null ? (patient.Tailscale, "", "")
            : (null, $"tailscale status: {result.Says}", patient.Site.Machine.IsMac ? "open -a Tailscale" : "sudo systemctl enable --now tailscaled && sudo tailscale up");
    }

    private static TailscaleStatus Of(TailscaleState state) => new()
    {
        HasInterface = state != TailscaleState.Userspace,
        State = state switch
        {
            TailscaleState.LoggedOut => "NeedsLogin",
            TailscaleState.AwaitsApproval => "NeedsMachineAuth",
            _ => state.ToString(),
        },
    };
}
