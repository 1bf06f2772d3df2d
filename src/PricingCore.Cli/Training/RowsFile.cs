using System.Globalization;
using System.Text;
using PricingCore.Cli.Replay.Answers;
using PricingCore.Training.History;

namespace PricingCore.Cli.Training;

/// <summary>Writes rows as CSV, for a look at them or for another trainer: time, region, features, then demand and baselines of each horizon.</summary>
internal static class RowsFile
{
    /// <exception cref="CommandFailedException">The file cannot be written.</exception>
    public static void Write(string path, DemandRows rows)
    {
        using OutputFile file = OutputFile.Create(path);
        using (var csv = new StreamWriter(file.Content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" })
        {
            csv.Write("time,region");
            foreach (string feature in rows.Schema.Features.Select(feature => feature.Name))
            {
                csv.Write($",{feature}");
            }

            foreach (int horizon in rows.HorizonsMinutes)
            {
                csv.Write(string.Create(CultureInfo.InvariantCulture, $",demand_{horizon}min"));
                foreach (string baseline in DemandBaselines.Names)
                {
                    csv.Write(string.Create(CultureInfo.InvariantCulture, $",{baseline}_{horizon}min"));
                }
            }

            csv.WriteLine();
            for (int row = 0; row < rows.Count; row++)
            {
                WriteRow(csv, rows, row);
            }
        }

        file.Commit();
    }

    private static void WriteRow(StreamWriter csv, DemandRows rows, int row)
    {
        csv.Write($"{rows.TimeOf(row):yyyy-MM-dd'T'HH:mm:ss'Z'},");
        string region = rows.RegionOf(row);
        csv.Write(region.AsSpan().IndexOfAny(",\"\r\n") < 0 ? region : $"\"{region.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        foreach (float value in rows.FeaturesOf(row))
        {
            Write(value);
        }

        for (int horizon = 0; horizon < rows.HorizonsMinutes.Count; horizon++)
        {
            Write(rows.DemandOf(row, horizon));
            for (int baseline = 0; baseline < DemandBaselines.Count; baseline++)
            {
                Write(rows.BaselineOf(row, horizon, (DemandBaseline)baseline));
            }
        }

        csv.WriteLine();

        void Write(float value) => csv.Write(float.IsNaN(value) ? "," : string.Create(CultureInfo.InvariantCulture, $",{value:R}"));
    }
}
