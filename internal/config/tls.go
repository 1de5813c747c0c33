package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// LoadCertificate reads a certificate and its key. Faults, each with a sentence for the operator: Invalid when a file
// cannot be read, the two do not belong together, or the certificate does not hold now.
func LoadCertificate(certFile, keyFile string, now time.Time) (*tls.Certificate, error) {
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return nil, fault.Invalidf("--tls-cert %s cannot be read: %s", certFile, reason(err)).Because(err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fault.Invalidf("--tls-key %s cannot be read: %s", keyFile, reason(err)).Because(err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fault.Invalidf("--tls-cert and --tls-key do not belong together, or are not PEM: give the certificate, and the key that it was made for").Because(err)
	}
	if pair.Leaf == nil {
		if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
			return nil, fault.Invalidf("--tls-cert holds no certificate that can be read").Because(err)
		}
	}
	switch {
	case now.After(pair.Leaf.NotAfter):
		return nil, fault.Invalidf("the certificate in --tls-cert ended on %s: renew it", pair.Leaf.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(pair.Leaf.NotBefore):
		return nil, fault.Invalidf("the certificate in --tls-cert holds only from %s: check the clock of this machine, or use another certificate", pair.Leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	return &pair, nil
}

// reason is what the system says, without the path that the sentence names already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
