namespace PricingCore.Forecasts.Onnx;

/// <summary>Somebody named an ONNX Runtime library that is not there or cannot be loaded; nothing else is tried then.</summary>
internal sealed class WrongLibraryPathException(string message, Exception? inner = null) : DllNotFoundException(message, inner);
