import { Greeter, GreetReply, GreetRequest, registerGreeter } from "@test/contract/assembly";

class English implements Greeter {
  sayHello(request: GreetRequest): GreetReply {
    return { message: "Hello, " + request.name };
  }
}

registerGreeter(new English());
