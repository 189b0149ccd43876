// A client of grpc-go for the tests of the fast transport: bytes over, bytes back, no messages
// generated. It prints a line for each case and ends with 1 if one went otherwise than it should.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"
)

const method = "/envoy.service.ext_proc.v3.ExternalProcessor/Process"

// rawCodec leaves bytes as they are.
type rawCodec struct{}

func (rawCodec) Marshal(message any) ([]byte, error) { return *message.(*[]byte), nil }

func (rawCodec) Unmarshal(data []byte, message any) error {
	*message.(*[]byte) = append([]byte(nil), data...)
	return nil
}

func (rawCodec) Name() string { return "raw" }

func init() { encoding.RegisterCodec(rawCodec{}) }

func open(ctx context.Context, client *grpc.ClientConn, name string, options ...grpc.CallOption) (grpc.ClientStream, error) {
	description := &grpc.StreamDesc{StreamName: "Process", ServerStreams: true, ClientStreams: true}
	return client.NewStream(ctx, description, name, append(options, grpc.ForceCodec(rawCodec{}))...)
}

// exchange sends messages one by one, each after the answer to the one before, and half-closes.
func exchange(ctx context.Context, client *grpc.ClientConn, messages ...[]byte) ([][]byte, error) {
	stream, err := open(ctx, client, method)
	if err != nil {
		return nil, err
	}
	var answers [][]byte
	for _, message := range messages {
		if err := stream.SendMsg(&message); err != nil && !errors.Is(err, io.EOF) {
			return answers, err
		}
		var answer []byte
		if err := stream.RecvMsg(&answer); err != nil {
			return answers, err
		}
		answers = append(answers, answer)
	}
	if err := stream.CloseSend(); err != nil {
		return answers, err
	}
	var rest []byte
	if err := stream.RecvMsg(&rest); !errors.Is(err, io.EOF) {
		return answers, fmt.Errorf("not ended: %w", err)
	}
	return answers, nil
}

func three(size int) [][]byte {
	return [][]byte{[]byte("one"), bytes.Repeat([]byte("x"), size), {}}
}

func whole(ctx context.Context, client *grpc.ClientConn, size int) error {
	answers, err := exchange(ctx, client, three(size)...)
	if err != nil {
		return err
	}
	for number, answer := range answers {
		if string(answer) != fmt.Sprintf("answer %d", number) {
			return fmt.Errorf("answer %d is %q", number, answer)
		}
	}
	return nil
}

func many(ctx context.Context, client *grpc.ClientConn) error {
	var group sync.WaitGroup
	failures := make(chan error, 1000)
	for range 1000 {
		group.Add(1)
		go func() {
			defer group.Done()
			if err := whole(ctx, client, 2000); err != nil {
				failures <- err
			}
		}()
	}
	group.Wait()
	close(failures)
	return <-failures
}

func early(ctx context.Context, client *grpc.ClientConn) error {
	_, err := exchange(ctx, client, []byte("one"))
	return expect(errors.Unwrap(err), codes.Internal)
}

func unknown(ctx context.Context, client *grpc.ClientConn) error {
	stream, err := open(ctx, client, "/grpc.health.v1.Health/Watch")
	if err != nil {
		return err
	}
	var answer []byte
	return expect(stream.RecvMsg(&answer), codes.Unimplemented)
}

func compressed(ctx context.Context, client *grpc.ClientConn) error {
	stream, err := open(ctx, client, method, grpc.UseCompressor(gzip.Name))
	if err != nil {
		return err
	}
	message := bytes.Repeat([]byte("x"), 10_000)
	if err := stream.SendMsg(&message); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	var answer []byte
	return expect(stream.RecvMsg(&answer), codes.Unimplemented)
}

func overdue(ctx context.Context, client *grpc.ClientConn) error {
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	stream, err := open(ctx, client, method)
	if err != nil {
		return err
	}
	var answer []byte
	return expect(stream.RecvMsg(&answer), codes.DeadlineExceeded)
}

func expect(err error, code codes.Code) error {
	if status.Code(err) != code {
		return fmt.Errorf("expected %v, got %w", code, err)
	}
	return nil
}

func main() {
	client, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cases := []struct {
		name string
		run  func(context.Context, *grpc.ClientConn) error
	}{
		{"whole", func(ctx context.Context, client *grpc.ClientConn) error { return whole(ctx, client, 10) }},
		{"large", func(ctx context.Context, client *grpc.ClientConn) error { return whole(ctx, client, 10<<20) }},
		{"many", many},
		{"early", early},
		{"unknown", unknown},
		{"compressed", compressed},
		{"overdue", overdue},
		{"again", func(ctx context.Context, client *grpc.ClientConn) error { return whole(ctx, client, 10) }},
	}
	failed := false
	for _, each := range cases {
		err := each.run(ctx, client)
		failed = failed || err != nil
		fmt.Printf("%s: %v\n", each.name, err)
	}
	if failed {
		os.Exit(1)
	}
}
