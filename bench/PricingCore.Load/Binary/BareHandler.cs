using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using PricingCore.AspNetCore.Binary;
using PricingCore.Protocol;

namespace PricingCore.Load.Binary;

/// <summary>The rival: parses the same frames, looks at none of their content, and answers each with bytes that are ready but for the correlation id.</summary>
internal sealed class BareHandler : ConnectionHandler
{
    private readonly byte[] _answer = ReadyAnswer();
    private readonly byte[] _welcome = ReadyWelcome();

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync().ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                AnswerAll(ref buffer, output);
                input.AdvanceTo(buffer.Start, buffer.End);
                await output.FlushAsync().ConfigureAwait(false);
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (IOException)
        {
            // The generator has ended.
        }
    }

    private void AnswerAll(ref ReadOnlySequence<byte> buffer, PipeWriter output)
    {
        while (FrameHeader.TryTake(ref buffer, int.MaxValue, out FrameHeader header, out _) == FrameStatus.Complete)
        {
            byte[] ready = header.Kind switch
            {
                FrameKind.QuoteBatch => _answer,
                FrameKind.Hello => _welcome,
                _ => [],
            };
            Span<byte> frame = output.GetSpan(Math.Max(1, ready.Length));
            ready.CopyTo(frame);
            if (ready.Length > 0)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], header.Correlation);
            }

            output.Advance(ready.Length);
        }
    }

    private static byte[] ReadyAnswer()
    {
        byte[] answer = new byte[BinaryClient.AnswerBytes];
        new FrameHeader(FrameKind.QuotedBatch, BinaryClient.BatchSize, 0, answer.Length - FrameHeader.Size).Write(answer);
        for (int i = 0; i < BinaryClient.BatchSize; i++)
        {
            new PriceEntry { MinorUnits = 1_825, BaseMinorUnits = 1_200, MultiplierSteps = 15_252 }.Write(answer.AsSpan(FrameHeader.Size + (i * PriceEntry.Size)));
        }

        return answer;
    }

    private static byte[] ReadyWelcome()
    {
        byte[] welcome = new byte[FrameHeader.Size + WelcomeBody.Size];
        new FrameHeader(FrameKind.Welcome, 0, 0, WelcomeBody.Size).Write(welcome);
        new WelcomeBody
        {
            Version = ProtocolConstants.Version,
            Features = ProtocolFeatures.None,
            MaxFrameBytes = new BinaryProtocolOptions().MaxFrameBytes,
            MaxQuotes = BinaryClient.BatchSize,
            MaxEvents = 1,
            MaxInFlight = 1,
            MaxNames = BinaryServer.Regions + 1,
            MaxSubscribed = 0,
            IdleTimeoutMs = 60_000,
            PriceIntervalMs = 250,
        }.Write(welcome.AsSpan(FrameHeader.Size));
        return welcome;
    }
}
