using System.Net;

namespace FastGate.Commands.Doctor;

/// <summary>Where something is asked, and by which name.</summary>
/// <param name="EndPoint">The address that is connected to.</param>
/// <param name="Host">What <c>Host</c> says.</param>
internal sealed record DoctorTarget(IPEndPoint EndPoint, string Host)
{
    public static DoctorTarget At(IPEndPoint endPoint) => new(endPoint, endPoint.ToString());

    public override string ToString() => EndPoint.ToString();
}
