import {
  createRegistry,
  type DescFile,
  type DescService,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { type handleBidiStreamingCall, status } from "@grpc/grpc-js";
import type { GrpcReflectionRequest, GrpcReflectionResponseSchema } from "@tse/contracts";
import { Malformed } from "./wire.ts";

type Response = MessageInitShape<typeof GrpcReflectionResponseSchema>;
type Answer = NonNullable<Response["messageResponse"]>;

/** The standard reflection: tells a client without proto files which services there are, and their files. */
export class ReflectionService {
  readonly #services = new Map<string, DescService>();

  add(service: DescService): void {
    this.#services.set(service.typeName, service);
  }

  readonly handle: handleBidiStreamingCall<GrpcReflectionRequest | Malformed, Response> = (
    call,
  ) => {
    call.on("data", (request: GrpcReflectionRequest | Malformed) => {
      if (request instanceof Malformed) {
        call.emit("error", { code: status.INVALID_ARGUMENT, details: request.problem().message });
        return;
      }
      const { host } = request;
      call.write({
        validHost: host,
        originalRequest: request,
        messageResponse: this.#answer(request),
      });
    });
    call.on("end", () => call.end());
  };

  #answer({ messageRequest }: GrpcReflectionRequest): Answer {
    switch (messageRequest.case) {
      case "listServices": {
        const service = [...this.#services.keys()].map((name) => ({ name }));
        return { case: "listServicesResponse", value: { service } };
      }
      case "fileByFilename":
        return filesAnswer(
          this.#files().find(({ proto }) => proto.name === messageRequest.value),
          messageRequest.value,
        );
      case "fileContainingSymbol":
        return filesAnswer(this.#declaring(messageRequest.value), messageRequest.value);
      default:
        return failure(status.UNIMPLEMENTED, "extensions are not used here");
    }
  }

  #files(): DescFile[] {
    return withImports([...this.#services.values()].map(({ file }) => file));
  }

  /** The file that declares a name: of a type, or of a method, field or value within one. */
  #declaring(symbol: string): DescFile | undefined {
    const types = createRegistry(...this.#files());
    const within = symbol.slice(0, Math.max(0, symbol.lastIndexOf(".")));
    return (types.get(symbol) ?? types.get(within))?.file;
  }
}

/** The files and all that they import, each once. */
function withImports(files: readonly DescFile[]): DescFile[] {
  const found = new Map<string, DescFile>();
  const add = (file: DescFile): void => {
    if (found.has(file.name)) return;
    found.set(file.name, file);
    file.dependencies.forEach(add);
  };
  files.forEach(add);
  return [...found.values()];
}

function filesAnswer(file: DescFile | undefined, asked: string): Answer {
  if (file === undefined) return failure(status.NOT_FOUND, `${asked} is not known here`);
  const fileDescriptorProto = withImports([file]).map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function failure(errorCode: number, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}
