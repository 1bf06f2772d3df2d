using System.Runtime.InteropServices;

namespace PricingCore.Training.Xgboost;

/// <summary>The functions of XGBoost's C API that training needs. Each returns 0, or -1 after an error.</summary>
/// <threadsafety>Any thread, but a handle is for one thread at a time.</threadsafety>
internal static unsafe partial class XgboostNative
{
    private const string Library = "xgboost";

    static XgboostNative() => XgboostLibrary.Register();

    [LibraryImport(Library)]
    public static partial void XGBoostVersion(out int major, out int minor, out int patch);

    [LibraryImport(Library)]
    public static partial nint XGBGetLastError();

    [LibraryImport(Library)]
    public static partial int XGDMatrixCreateFromMat(float* data, ulong rows, ulong columns, float missing, out nint matrix);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGDMatrixSetFloatInfo(nint matrix, string field, float* values, ulong count);

    [LibraryImport(Library)]
    public static partial int XGDMatrixFree(nint matrix);

    [LibraryImport(Library)]
    public static partial int XGBoosterCreate(nint* matrices, ulong count, out nint booster);

    [LibraryImport(Library)]
    public static partial int XGBoosterFree(nint booster);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGBoosterSetParam(nint booster, string name, string value);

    [LibraryImport(Library)]
    public static partial int XGBoosterUpdateOneIter(nint booster, int iteration, nint matrix);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGBoosterPredictFromDMatrix(
        nint booster, nint matrix, string config, out ulong* shape, out ulong dimensions, out float* result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGBoosterSaveModelToBuffer(nint booster, string config, out ulong length, out byte* bytes);

    /// <summary>Turns an error into an exception with XGBoost's message.</summary>
    public static void Check(int status)
    {
        if (status != 0)
        {
            // The first line says what; the rest is a stack of C++ frames.
            string message = Marshal.PtrToStringUTF8(XGBGetLastError()) ?? "no message";
            throw new XgboostException($"XGBoost: {message.Split("\nStack trace", 2)[0].Trim()}");
        }
    }
}
