// Read before everything else when native parts are compiled for Node 24.19 or later of the 24 line.
//
// Since 24.19 the class ObjectWrap in Node's headers registers a clean-up hook for each object and takes it back when
// the object is collected; on this line that aborts the process (nodejs/node issue 65446). Compiled without the hooks,
// ObjectWrap is what it was up to 24.18: an object that is never collected is left to the end of the process.

#include <node.h>
#define AddEnvironmentCleanupHook(isolate, hook, object) static_cast<void>(hook)
#define RemoveEnvironmentCleanupHook(isolate, hook, object) static_cast<void>(hook)
#include <node_object_wrap.h>
#undef AddEnvironmentCleanupHook
#undef RemoveEnvironmentCleanupHook
