using PricingCore.Cli.Replay.Requests;
using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.Cli.Replay.Evaluation;

/// <summary>Looks at every accepted event and every quote of a replay, in order.</summary>
internal interface IReplayObserver
{
    void Published(in MarketEvent marketEvent);

    void Answered(in ReplayRequest request, in Quote quote, TimeSpan took);
}
