# frozen_string_literal: true

require 'json'
require 'net/http'
require 'openssl'
require 'timeout'
require 'uri'

# A Hiera 5 `data_hash` backend: all values of one machine from a Headwater server, with one request a catalog.
#
# In hiera.yaml, `uri` stands beside `data_hash` (Puppet reserves the name under `options`):
#
#     - name: Headwater
#       data_hash: headwater::data
#       uri: "http://127.0.0.1:8470/hiera/%{trusted.certname}"
#       options: {token_file: /etc/puppetlabs/headwater.token}
#
# A machine that the server does not know (404) has no values here, and Hiera goes on to the next level. Everything
# else that is not a whole document fails the catalog: going on would compile it with the modules' defaults.
# Puppet resolves `%{...}` in what this returns; the server escapes what is meant literally.
Puppet::Functions.create_function(:'headwater::data') do
  # @param options the entry's `uri`, and of its options
  #   `token` or `token_file` (a file with the token alone), or else HEADWATER_TOKEN or client.conf;
  #   `ca`, `cert`, `key` (PEM files); `timeout` (seconds for the whole request, 5 unless given).
  # @return every key of the machine's `vars`, `lookup_options` and `headwater`.
  # @raise Puppet::DataBinding::LookupError when there is no answer or not a good one.
  dispatch :data do
    param 'Struct[{
      uri                  => String[1],
      Optional[token]      => String[1],
      Optional[token_file] => String[1],
      Optional[ca]         => String[1],
      Optional[cert]       => String[1],
      Optional[key]        => String[1],
      Optional[timeout]    => Numeric
    }]', :options
    param 'Puppet::LookupContext', :context
  end

  argument_mismatch :misconfigured do
    param 'Hash', :options
    param 'Puppet::LookupContext', :context
  end

  def data(options, context)
    # Puppet keeps a returned hash for the rest of the compilation, but asks again after a not_found.
    context.not_found if context.cache_has_key('unknown')

    uri = URI(options['uri'])
    response = get(uri, options)
    case response.code
    when '200' then parse(uri, response.body)
    when '404'
      context.explain { "#{shown(uri)} answered 404#{reason(response)}" }
      context.cache('unknown', true)
      context.not_found
    else refuse(uri, "answered #{response.code}#{reason(response)}")
    end
  end

  def misconfigured(options, _context)
    known = %w[uri token token_file ca cert key timeout]
    unknown = options.keys - known
    return "headwater::data does not know the option '#{unknown.first}'; known are #{known.join(', ')}" if unknown.any?
    return "headwater::data needs 'uri' beside 'data_hash' in hiera.yaml" unless options.key?('uri')

    'headwater::data expects a number for timeout and a text that is not empty for every other option'
  end

  def get(uri, options)
    refuse(uri, 'is no http or https address') unless uri.is_a?(URI::HTTP) && uri.host
    refuse(uri, 'has no certname: what hiera.yaml interpolates there is empty') if uri.path.end_with?('/')
    settings = settings(options)
    seconds = options['timeout'] || 5
    request = Net::HTTP::Get.new(uri, 'Accept' => 'application/json')
    request['Authorization'] = "Bearer #{settings['token']}" if settings['token']
    Timeout.timeout(seconds) { connected(uri, settings, seconds) { |http| http.request(request) } }
  rescue Timeout::Error
    refuse(uri, "gave no answer within #{seconds} s")
  rescue SystemCallError, IOError, SocketError, OpenSSL::OpenSSLError, Net::ProtocolError, Net::HTTPBadResponse,
         ArgumentError => e
    refuse(uri, "could not be asked: #{e.message}")
  end

  # Yields a connection, and keeps it for the next catalog: a puppetserver's threads live on. One that failed is not
  # kept, nor is one whose files have changed.
  def connected(uri, settings, seconds)
    files = settings.values_at('ca', 'cert', 'key').compact
    place = [uri.scheme, uri.hostname, uri.port, seconds, files.map { |file| [file, File.mtime(file)] }]
    thread = Thread.current
    known, http = thread.thread_variable_get(:headwater_connection)
    thread.thread_variable_set(:headwater_connection, nil)
    if known != place
      http&.finish
      http = connection(uri, settings, seconds).start
    end
    yield(http).tap { thread.thread_variable_set(:headwater_connection, [place, http]) }
  end

  def connection(uri, settings, seconds)
    http = Net::HTTP.new(uri.hostname, uri.port)
    http.open_timeout = http.read_timeout = seconds
    http.keep_alive_timeout = 30 # less than the 60 s after which the server ends an idle connection
    http.max_retries = 0
    return http unless uri.scheme == 'https'

    # OpenSSL does not say which file it cannot read.
    settings.values_at('ca', 'cert', 'key').compact.each { |file| File.open(file, &:close) }
    http.use_ssl = true
    http.verify_mode = OpenSSL::SSL::VERIFY_PEER
    http.ca_file = settings['ca'] if settings['ca']
    return http unless settings['cert']

    http.cert = OpenSSL::X509::Certificate.new(File.read(settings['cert']))
    http.key = OpenSSL::PKey.read(File.read(settings['key'] || settings['cert']))
    http
  end

  # What proves who asks: the entry's own options, or else the environment and client.conf.
  def settings(options)
    return options.merge('token' => File.read(options['token_file']).strip) if options['token_file']
    return options if options['token'] || options['cert']

    token = ENV['HEADWATER_TOKEN']
    token ? client_conf(true).merge('token' => token).merge(options) : client_conf(false).merge(options)
  end

  # The KEY=VALUE lines of client.conf; nothing if the default file is missing, or cannot be read and need not be.
  def client_conf(optional)
    path = ENV['HEADWATER_CONF'] || '/etc/headwater/client.conf'
    return {} if ENV['HEADWATER_CONF'].nil? && (!File.exist?(path) || (optional && !File.readable?(path)))

    lines = File.readlines(path, encoding: 'UTF-8').map(&:strip).reject { |line| line.empty? || line.start_with?('#') }
    lines.map { |line| line.split('=', 2).map(&:strip) }.select { |pair| pair.length == 2 && !pair.last.empty? }.to_h
  end

  def parse(uri, body)
    values = JSON.parse(body.to_s.dup.force_encoding('UTF-8'))
    return values if values.is_a?(Hash) && values.key?('headwater')

    refuse(uri, "answered 200 with a document that is not Headwater's")
  rescue JSON::ParserError
    refuse(uri, 'answered 200 with something that is not a whole JSON document')
  end

  # The reason in the server's own words (RFC 9457), if it gave one.
  def reason(response)
    problem = JSON.parse(response.body.to_s.dup.force_encoding('UTF-8'))
    detail = problem['detail'] if problem.is_a?(Hash)
    detail ? ": #{detail.to_s.tr("\r\n", ' ')}" : ''
  rescue JSON::ParserError
    ''
  end

  def refuse(uri, what)
    raise Puppet::DataBinding::LookupError, "Headwater: #{shown(uri)} #{what}"
  end

  # The address without a user and password, which are not for messages.
  def shown(uri)
    uri.to_s.sub(%r{//[^/@]*@}, '//')
  end
end
