using System.Runtime.InteropServices;

namespace PricingCore.Forecasts.Onnx;

/// <summary>The C interface of ONNX Runtime: a table of functions, of which the ones used here are called by their place.</summary>
/// <remarks>
/// The table only grows at its end, so the places below hold for every version that offers API 16 (1.16 and later; tested with
/// 1.27). A function answers null or a status, which <see cref="Check"/> turns into an exception.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed unsafe class OnnxRuntimeApi
{
    private const uint ApiVersion = 16;
    private const int FatalOnly = 4; // Log severity: at anything less it prints to standard error.
    private const int ArenaAllocator = 1;
    private const int DefaultMemory = 0;

    private readonly void** _table;

    /// <param name="library">The loaded library.</param>
    /// <param name="loadedFrom">Where it was loaded from.</param>
    /// <exception cref="DllNotFoundException">It is not ONNX Runtime.</exception>
    /// <exception cref="NotSupportedException">It is too old.</exception>
    public OnnxRuntimeApi(nint library, string loadedFrom)
    {
        LoadedFrom = loadedFrom;
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint entry))
        {
            throw new DllNotFoundException($"{loadedFrom} is a library, but not ONNX Runtime: it has no OrtGetApiBase.");
        }

        void** start = ((delegate* unmanaged<void**>)entry)(); // OrtApiBase: GetApi, then GetVersionString.
        Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)start[1])()) ?? "";
        _table = ((delegate* unmanaged<uint, void**>)start[0])(ApiVersion);
        if (_table is null)
        {
            throw new NotSupportedException($"{loadedFrom} is ONNX Runtime {Version}, which is too old; 1.20 or later is needed.");
        }

        nint environment;
        fixed (byte* id = "PricingCore\0"u8)
        {
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)_table[Slot.CreateEnv])(FatalOnly, id, &environment));
        }

        Environment = environment; // Never released: sessions need it, and it holds no more than a logger.
        Check(((delegate* unmanaged<nint, nint>)_table[Slot.DisableTelemetryEvents])(environment));
        nint memory;
        Check(((delegate* unmanaged<int, int, nint*, nint>)_table[Slot.CreateCpuMemoryInfo])(ArenaAllocator, DefaultMemory, &memory));
        CpuMemory = memory;
        Allocator = Get(Slot.GetAllocatorWithDefaultOptions);
    }

    /// <summary>Where the library was loaded from.</summary>
    public string LoadedFrom { get; }

    /// <summary>Its version.</summary>
    public string Version { get; }

    private nint Environment { get; }

    private nint CpuMemory { get; }

    private nint Allocator { get; }

    /// <summary>Loads a graph.</summary>
    /// <exception cref="OnnxRuntimeException">It is not a graph, or not one that this version runs.</exception>
    public nint CreateSession(ReadOnlySpan<byte> graph)
    {
        nint options = Get(Slot.CreateSessionOptions);
        try
        {
            // One thread: with two, sums of trees change in their last bits with the batch size.
            Set(Slot.SetIntraOpNumThreads, options, 1);
            Set(Slot.SetInterOpNumThreads, options, 1);
            Set(Slot.SetSessionExecutionMode, options, 0);
            Set(Slot.SetSessionLogSeverityLevel, options, FatalOnly);
            Set(Slot.SetSessionGraphOptimizationLevel, options, 99);

            // Memory patterns are kept for every batch size that was ever seen.
            Check(((delegate* unmanaged<nint, nint>)_table[Slot.DisableMemPattern])(options));
            Configure(options, "session.intra_op.allow_spinning\0"u8, "0\0"u8);
            Configure(options, "session.inter_op.allow_spinning\0"u8, "0\0"u8);
            fixed (byte* bytes = graph)
            {
                nint session;
                Check(((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)_table[Slot.CreateSessionFromArray])(
                    Environment, bytes, (nuint)graph.Length, options, &session));
                return session;
            }
        }
        finally
        {
            Release(Slot.ReleaseSessionOptions, options);
        }
    }

    /// <summary>Frees a session.</summary>
    public void ReleaseSession(nint session) => Release(Slot.ReleaseSession, session);

    /// <summary>The inputs of a session.</summary>
    public OnnxTensor[] Inputs(nint session) => Tensors(session, Slot.SessionGetInputCount, Slot.SessionGetInputName, Slot.SessionGetInputTypeInfo);

    /// <summary>The outputs of a session.</summary>
    public OnnxTensor[] Outputs(nint session) => Tensors(session, Slot.SessionGetOutputCount, Slot.SessionGetOutputName, Slot.SessionGetOutputTypeInfo);

    /// <summary>Runs a session with one input and one output over memory of the caller, which must stay where it is meanwhile.</summary>
    /// <exception cref="OnnxRuntimeException">The shapes do not fit the graph, or it failed.</exception>
    public void Run(nint session, byte* inputName, float* input, int inputColumns, byte* outputName, float* output, int outputColumns, int rows)
    {
        nint inputValue = Wrap(input, rows, inputColumns);
        nint outputValue = 0;
        try
        {
            outputValue = Wrap(output, rows, outputColumns);
            Check(((delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)_table[Slot.Run])(
                session, 0, &inputName, &inputValue, 1, &outputName, 1, &outputValue));
        }
        finally
        {
            Release(Slot.ReleaseValue, outputValue);
            Release(Slot.ReleaseValue, inputValue);
        }
    }

    private nint Wrap(float* data, int rows, int columns)
    {
        long* shape = stackalloc long[2] { rows, columns };
        nint value;
        Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)_table[Slot.CreateTensorWithDataAsOrtValue])(
            CpuMemory, data, checked((nuint)rows * (nuint)columns * sizeof(float)), shape, 2, (int)OnnxElementType.Float, &value));
        return value;
    }

    private OnnxTensor[] Tensors(nint session, int countSlot, int nameSlot, int typeSlot)
    {
        var tensors = new OnnxTensor[Get(countSlot, session)];
        for (int i = 0; i < tensors.Length; i++)
        {
            nint text;
            Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)_table[nameSlot])(session, (nuint)i, Allocator, &text));
            string name = Marshal.PtrToStringUTF8(text) ?? "";
            Check(((delegate* unmanaged<nint, nint, nint>)_table[Slot.AllocatorFree])(Allocator, text));
            tensors[i] = TensorOf(name, session, (nuint)i, typeSlot);
        }

        return tensors;
    }

    private OnnxTensor TensorOf(string name, nint session, nuint index, int typeSlot)
    {
        nint type;
        Check(((delegate* unmanaged<nint, nuint, nint*, nint>)_table[typeSlot])(session, index, &type));
        try
        {
            nint info = Get(Slot.CastTypeInfoToTensorInfo, type); // Part of the type: not released.
            if (info == 0)
            {
                return new OnnxTensor(name, OnnxElementType.None, []); // A sequence or a map.
            }

            int element;
            Check(((delegate* unmanaged<nint, int*, nint>)_table[Slot.GetTensorElementType])(info, &element));
            long[] shape = new long[Get(Slot.GetDimensionsCount, info)];
            fixed (long* sizes = shape)
            {
                Check(((delegate* unmanaged<nint, long*, nuint, nint>)_table[Slot.GetDimensions])(info, sizes, (nuint)shape.Length));
            }

            return new OnnxTensor(name, (OnnxElementType)element, shape);
        }
        finally
        {
            Release(Slot.ReleaseTypeInfo, type);
        }
    }

    private nint Get(int slot)
    {
        nint result;
        Check(((delegate* unmanaged<nint*, nint>)_table[slot])(&result));
        return result;
    }

    private nint Get(int slot, nint of)
    {
        nint result;
        Check(((delegate* unmanaged<nint, nint*, nint>)_table[slot])(of, &result));
        return result;
    }

    private void Set(int slot, nint options, int value) => Check(((delegate* unmanaged<nint, int, nint>)_table[slot])(options, value));

    private void Configure(nint options, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value)
        {
            Check(((delegate* unmanaged<nint, byte*, byte*, nint>)_table[Slot.AddSessionConfigEntry])(options, k, v));
        }
    }

    private void Release(int slot, nint handle)
    {
        if (handle != 0)
        {
            ((delegate* unmanaged<nint, void>)_table[slot])(handle);
        }
    }

    private void Check(nint status)
    {
        if (status != 0)
        {
            Throw(status);
        }
    }

    private void Throw(nint status)
    {
        int code = ((delegate* unmanaged<nint, int>)_table[Slot.GetErrorCode])(status);
        string message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)_table[Slot.GetErrorMessage])(status)) ?? "";
        Release(Slot.ReleaseStatus, status);
        throw new OnnxRuntimeException(code, message);
    }

    /// <summary>Places in the table, after onnxruntime_c_api.h.</summary>
    private static class Slot
    {
        public const int GetErrorCode = 1;
        public const int GetErrorMessage = 2;
        public const int CreateEnv = 3;
        public const int DisableTelemetryEvents = 6;
        public const int CreateSessionFromArray = 8;
        public const int Run = 9;
        public const int CreateSessionOptions = 10;
        public const int SetSessionExecutionMode = 13;
        public const int DisableMemPattern = 17;
        public const int SetSessionLogSeverityLevel = 22;
        public const int SetSessionGraphOptimizationLevel = 23;
        public const int SetIntraOpNumThreads = 24;
        public const int SetInterOpNumThreads = 25;
        public const int SessionGetInputCount = 30;
        public const int SessionGetOutputCount = 31;
        public const int SessionGetInputTypeInfo = 33;
        public const int SessionGetOutputTypeInfo = 34;
        public const int SessionGetInputName = 36;
        public const int SessionGetOutputName = 37;
        public const int CreateTensorWithDataAsOrtValue = 49;
        public const int CastTypeInfoToTensorInfo = 55;
        public const int GetTensorElementType = 60;
        public const int GetDimensionsCount = 61;
        public const int GetDimensions = 62;
        public const int CreateCpuMemoryInfo = 69;
        public const int AllocatorFree = 76;
        public const int GetAllocatorWithDefaultOptions = 78;
        public const int ReleaseStatus = 93;
        public const int ReleaseSession = 95;
        public const int ReleaseValue = 96;
        public const int ReleaseTypeInfo = 98;
        public const int ReleaseSessionOptions = 100;
        public const int AddSessionConfigEntry = 130;
    }
}
