import { TestAllTypesProto3, Tester, registerTester } from "@generated/contract/assembly";

class Echo implements Tester {
  reencode(request: TestAllTypesProto3): TestAllTypesProto3 {
    return request;
  }
}

registerTester(new Echo());
